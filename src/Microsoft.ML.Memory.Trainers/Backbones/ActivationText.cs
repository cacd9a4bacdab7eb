// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Names of the activations in config files.</summary>
internal static class ActivationText
{
    // The first name of a kind is the one that is written.
    private static readonly (string Text, ActivationKind Kind)[] _known =
    [
        ("gelu", ActivationKind.Gelu),
        ("quick_gelu", ActivationKind.QuickGelu),
        ("gelu_new", ActivationKind.GeluTanh),
        ("gelu_pytorch_tanh", ActivationKind.GeluTanh),
        ("relu", ActivationKind.Relu),
        ("silu", ActivationKind.Silu),
        ("swish", ActivationKind.Silu),
    ];

    public static string Of(ActivationKind kind) => Array.Find(_known, known => known.Kind == kind).Text;

    public static ActivationKind Read(JsonFields fields, string name, ActivationKind otherwise)
    {
        if (fields.String(name) is not string text) return otherwise;
        int index = Array.FindIndex(_known, known => known.Text == text);
        return index >= 0
            ? _known[index].Kind
            : throw fields.Error(
                name, $"be one of {string.Join(", ", _known.Select(known => known.Text))}", BadFile.Quote(text));
    }
}
