// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Settings of <see cref="EmbedOnnxEstimator"/>; a model is all that must be named.</summary>
/// <remarks>Two records are equal where all values are, lists and dictionaries being the same ones.</remarks>
public sealed record EmbedOnnxOptions
{
    /// <summary>Name of the column with the features, a vector of Single with a fixed size. Default <c>Features</c>.
    /// </summary>
    public string OutputColumnName { get; init; } = "Features";

    /// <summary>Name of the column that a network of one input reads. Default <c>Image</c>.</summary>
    public string InputColumnName { get; init; } = "Image";

    /// <summary>
    /// The column of each input, for a network of several; empty, the default, takes <see cref="InputColumnName"/>.
    /// </summary>
    /// <remarks>
    /// An input named <c>attention_mask</c> that has no column gets ones, one named <c>token_type_ids</c> gets
    /// zeros; every other input must have a column.
    /// </remarks>
    public IReadOnlyList<EmbedOnnxInput> Inputs { get; init; } = [];

    /// <summary>Path of the ONNX model; null, the default, where <see cref="ModelBytes"/> holds it.</summary>
    /// <remarks>Data in other files is taken in where they lie in the model's folder.</remarks>
    public string? ModelFile { get; init; }

    /// <summary>The ONNX model itself; empty, the default, where <see cref="ModelFile"/> names it.</summary>
    public ReadOnlyMemory<byte> ModelBytes { get; init; }

    /// <summary>
    /// Name of the tensor that holds the features, any that the network computes; null, the default, is its first
    /// output. What lies behind it is cut off and does not run.
    /// </summary>
    public string? OutputTensor { get; init; }

    /// <summary>
    /// How images become what the network reads, such as <see cref="ImagePresets.ImageNet"/>; null, the default, says
    /// that the column holds the numbers of the tensor already. Applies to the one input of 3 or 4 dimensions.
    /// </summary>
    public ImageInputOptions? Image { get; init; }

    /// <summary>How the tensor of a row becomes a vector. Default as it is.</summary>
    public EmbedPooling Pooling { get; init; } = EmbedPooling.None;

    /// <summary>Whether features are brought to length 1; those of length 0 stay. Default false.</summary>
    public bool Normalize { get; init; }

    /// <summary>Most rows that run together, in [1, 4096]. Default 32.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>
    /// Whether a network for one row at a time is tried with several, and used so where it gives the same. Default
    /// true.
    /// </summary>
    public bool FreeBatchDimension { get; init; } = true;

    /// <summary>Sizes of dimensions that the network leaves open, by name; of those without a name, <c>input[1]</c>
    /// is dimension 1 of an input, counted from 0. Default none.</summary>
    public IReadOnlyDictionary<string, int> Dimensions { get; init; } = new Dictionary<string, int>();

    /// <summary>Threads of the network and of reading images, in [1, 1024]; null, the default, is all processors.
    /// </summary>
    public int? ThreadCount { get; init; }

    /// <summary>Number of the GPU; null, the default, is <c>MLContext.GpuDeviceId</c>.</summary>
    public int? GpuDeviceId { get; init; }

    /// <summary>
    /// Whether the CPU is used where the GPU cannot be; null, the default, is <c>MLContext.FallbackToCpu</c>.
    /// </summary>
    public bool? FallbackToCpu { get; init; }

    /// <summary>Most bytes of a model, external data included, up to 2 GiB less 65. Default 1 GiB.</summary>
    /// <remarks>A model that is loaded is bound by the AppContext data <c>Microsoft.ML.Memory.MaxOnnxBytes</c>, by
    /// default 1 GiB as well: a file cannot raise its own limit.</remarks>
    public long MaxModelBytes { get; init; } = OnnxLimit.Usual;

    /// <summary>Most bytes of an encoded image, at least 1. Default 64 MiB.</summary>
    public int MaxImageBytes { get; init; } = 64 << 20;

    /// <summary>Most pixels of an image, at least 1. Default 32 Mi.</summary>
    public int MaxImagePixels { get; init; } = 32 << 20;

    /// <summary>Checks every setting and reports all violations in one exception.</summary>
    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    internal void Validate()
    {
        var violations = new OptionViolations(nameof(EmbedOnnxOptions));
        violations.Require(
            string.IsNullOrEmpty(ModelFile) != ModelBytes.IsEmpty, nameof(ModelFile),
            "given, or ModelBytes, but not both", ModelBytes.IsEmpty ? "none" : "both");
        ValidateSettings(violations);
        violations.ThrowIfAny();
    }

    /// <summary>Checks what a saved transformer keeps: all but the model.</summary>
    internal void ValidateWithoutModel()
    {
        var violations = new OptionViolations(nameof(EmbedOnnxOptions));
        ValidateSettings(violations);
        violations.ThrowIfAny();
    }

    private void ValidateSettings(OptionViolations violations)
    {
        ArgumentNullException.ThrowIfNull(Inputs);
        ArgumentNullException.ThrowIfNull(Dimensions);
        violations.RequireName(OutputColumnName, nameof(OutputColumnName));
        violations.RequireName(InputColumnName, nameof(InputColumnName));
        foreach (EmbedOnnxInput input in Inputs)
        {
            violations.Require(
                !string.IsNullOrEmpty(input.InputName), nameof(Inputs), "names of inputs", input.InputName);
            violations.RequireName(input.ColumnName, nameof(Inputs));
        }

        string? twice = Inputs.GroupBy(input => input.InputName).FirstOrDefault(same => same.Count() > 1)?.Key;
        violations.Require(twice is null, nameof(Inputs), "different inputs", twice);
        violations.Require(OutputTensor != "", nameof(OutputTensor), "null or the name of a tensor", OutputTensor);
        Image?.Validate(violations);
        violations.Require(Enum.IsDefined(Pooling), nameof(Pooling), "one of EmbedPooling", Pooling);
        violations.Require(BatchSize is >= 1 and <= 4096, nameof(BatchSize), "in [1, 4096]", BatchSize);
        foreach ((string name, int size) in Dimensions)
            violations.Require(name.Length > 0 && size >= 1, nameof(Dimensions), "names with sizes above 0", size);
        violations.Require(
            ThreadCount is null or (>= 1 and <= 1024), nameof(ThreadCount), "null or in [1, 1024]", ThreadCount);
        violations.Require(GpuDeviceId is null or >= 0, nameof(GpuDeviceId), "null or at least 0", GpuDeviceId);
        violations.Require(
            MaxModelBytes is >= 1 and <= OnnxLimit.Most, nameof(MaxModelBytes), $"in [1, {OnnxLimit.Most}]",
            MaxModelBytes);
        violations.RequireAtLeast(MaxImageBytes, 1, nameof(MaxImageBytes));
        violations.RequireAtLeast(MaxImagePixels, 1, nameof(MaxImagePixels));
    }
}
