// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Text.RegularExpressions;
using Microsoft.ML.Memory.Onnx;

namespace Microsoft.ML.Memory;

/// <summary>Says in one sentence why ONNX Runtime did not do what it was asked for.</summary>
internal static partial class NetworkFailure
{
    /// <summary>Whether a library that the program has to bring is not there.</summary>
    public static bool IsMissingLibrary(Exception error) => error is DllNotFoundException or EntryPointNotFoundException
        || (error is TypeInitializationException && error.InnerException is { } inner && IsMissingLibrary(inner));

    public static InvalidOperationException MissingLibrary(Exception error) => new(
        "EmbedOnnx must find the native library of ONNX Runtime. Got none. Add the package Microsoft.ML.OnnxRuntime, "
        + "or Microsoft.ML.OnnxRuntime.Gpu, to the program.", error);

    public static InvalidDataException OfOpening(ModelProto model, Exception error)
        => new(Constraint(model, error.Message), error);

    private static string Constraint(ModelProto model, string message)
    {
        long opset = model.OpsetImport.FirstOrDefault(import => IsStandard(import.Domain))?.Version ?? 0;
        if (UnknownOpset().Match(message) is { Success: true } unknown)
        {
            return $"The network must use operators of an opset that this ONNX Runtime knows. Got opset "
                + $"{unknown.Groups["version"].Value}. Update ONNX Runtime, or export with an older opset.";
        }

        if (UnknownOperator(model, message) is { } node)
        {
            string domain = IsStandard(node.Domain) ? $"opset {opset}" : $"domain '{node.Domain}'";
            return $"The network must use operators that this ONNX Runtime knows. Got '{node.OpType}' of {domain}. "
                + "Update ONNX Runtime, or export the network without it.";
        }

        return $"The network must load in ONNX Runtime. Got: {message.TrimEnd('.')}.";
    }

    private static NodeProto? UnknownOperator(ModelProto model, string message)
    {
        if (!Unregistered().IsMatch(message)) return null;
        IEnumerable<NodeProto> longest = model.Graph.Node
            .Where(node => message.Contains(node.OpType, StringComparison.OrdinalIgnoreCase))
            .OrderByDescending(node => node.OpType.Length);
        return longest.FirstOrDefault(node => Regex.IsMatch(
            message, $@"(?<![\w]){Regex.Escape(node.OpType)}(?![\w])", RegexOptions.None, TimeSpan.FromSeconds(1)));
    }

    private static bool IsStandard(string domain) => domain is "" or "ai.onnx";

    [GeneratedRegex(@"Opset (?<version>\d+) is under development|opset version (?<version>\d+)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex UnknownOpset();

    [GeneratedRegex("not a registered function|No Op registered|No opset import for domain|Failed to find kernel|"
        + "not implemented", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Unregistered();
}
