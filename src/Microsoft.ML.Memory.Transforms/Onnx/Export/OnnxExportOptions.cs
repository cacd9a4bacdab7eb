// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Onnx;

namespace Microsoft.ML.Memory;

/// <summary>Settings of an export to ONNX; <c>new OnnxExportOptions()</c> is valid.</summary>
public sealed record OnnxExportOptions
{
    /// <summary>
    /// What stands for a class in <c>PredictedLabel</c> and <c>NeighborLabels</c>. Default its value. A regression
    /// has numbers for labels and takes <see cref="OnnxLabels.Values"/> alone.
    /// </summary>
    public OnnxLabels Labels { get; init; } = OnnxLabels.Values;

    /// <summary>
    /// How the vectors of a memory are held. Default Single. Methods without entries of their own, the bottleneck and
    /// the compressed memory, are small and take Single alone.
    /// </summary>
    public OnnxWeights Weights { get; init; } = OnnxWeights.Single;

    /// <summary>
    /// Entries beyond the k nearest in single precision that are compared again in double precision, at least 0.
    /// Default 32. So many entries may lie within rounding of the k-th before one of them can be missed; a number as
    /// large as the memory compares all of it in double precision, at its price.
    /// </summary>
    public int CandidateMargin { get; init; } = 32;

    /// <summary>
    /// Whether the vectors go into a file beside the model, named after it with 32 hexadecimal digits and <c>.data</c>
    /// at the end; needs a path. Default false; a model of 2 GiB or more must have one, since no ONNX file can be
    /// larger.
    /// </summary>
    public bool HasExternalData { get; init; }

    /// <summary>
    /// Schema that the whole model is applied to, which tells what each step needs; null (the default) will do where
    /// every step of the model can be exported.
    /// </summary>
    public DataViewSchema? InputSchema { get; init; }

    /// <summary>Columns of values behind the memory, which become outputs of their own; the model says which.</summary>
    internal IReadOnlyList<ValueColumn> ValueColumns { get; init; } = [];

    /// <summary>Checks every setting and reports all violations in one exception.</summary>
    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    internal void Validate()
    {
        var violations = new OptionViolations(nameof(OnnxExportOptions));
        violations.Require(Enum.IsDefined(Labels), nameof(Labels), "a kind of label", Labels);
        violations.Require(Enum.IsDefined(Weights), nameof(Weights), "a kind of weights", Weights);
        violations.RequireAtLeast(CandidateMargin, 0, nameof(CandidateMargin));
        violations.ThrowIfAny();
    }
}
