// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>Sorts the tensors of a backbone by what they are and by whether they reach its feature.</summary>
internal sealed class TrunkTensors(Backbone backbone)
{
    private const string Bias = ".bias";
    private readonly BackboneNames _names = BackboneNames.Of(backbone.Config);

    /// <summary>Whether a name is that of a bias, the shift of a norm included.</summary>
    public static bool IsBias(string name) => name.EndsWith(Bias, StringComparison.Ordinal);

    /// <summary>Whether weight decay applies: to weights, not to biases, norms, scales and tables of tokens.</summary>
    public bool IsDecayed(string name, Tensor tensor) =>
        tensor.ndim >= 2
        && name.EndsWith(".weight", StringComparison.Ordinal)
        && name is not (BackboneNames.Words or BackboneNames.TokenTypes)
        && name != _names.Positions;

    /// <summary>Lists the tensors that the feature depends on, in the order of the network.</summary>
    /// <param name="lastBlocks">Leaves out the embedding and all but so many blocks; null leaves out nothing.</param>
    public IEnumerable<string> Reaching(int? lastBlocks) => BackboneTensors.Required(backbone.Config)
        .Concat(BackboneTensors.Optional(backbone.Config))
        .Select(t => t.Name)
        .Where(n => backbone.Tensors.ContainsKey(n) && IsRead(n) && (lastBlocks is not { } k || IsLast(n, k)));

    // Poolings other than the pooler and the projection leave their tensors out; CLIP's mean leaves its norm out.
    private bool IsRead(string name)
    {
        BackbonePooling pooling = backbone.Trunk.Pooling;
        if (IsIn(name, BackboneNames.Pooler)) return pooling == BackbonePooling.Pooler;
        if (IsIn(name, BackboneNames.Projection)) return pooling == BackbonePooling.Projection;
        return !IsFinalNorm(name) || pooling != BackbonePooling.Mean || backbone.Config.Kind != BackboneKind.Clip;
    }

    private bool IsLast(string name, int lastBlocks)
    {
        string before = _names.Block[.._names.Block.IndexOf('{', StringComparison.Ordinal)];
        if (!name.StartsWith(before, StringComparison.Ordinal))
            return IsFinalNorm(name) || IsIn(name, BackboneNames.Pooler) || IsIn(name, BackboneNames.Projection);
        string index = name[before.Length..name.IndexOf('.', before.Length)];
        return int.Parse(index, CultureInfo.InvariantCulture) >= backbone.Config.LayerCount - lastBlocks;
    }

    private bool IsFinalNorm(string name) => _names.FinalNorm is { } norm && IsIn(name, norm);

    private static bool IsIn(string name, string module) =>
        name.StartsWith(module, StringComparison.Ordinal) && name.Length > module.Length && name[module.Length] == '.';
}
