// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Transforms.Onnx;

/// <summary>The settings of an <see cref="OnnxScoringEstimator"/>.</summary>
public sealed class OnnxOptions
{
    public string ModelFile;

    /// <summary>Names of network inputs; an empty array takes all.</summary>
    public string[] InputColumns;

    /// <summary>Names of network outputs; an empty array takes all.</summary>
    public string[] OutputColumns;

    /// <summary>The GPU to run on; null takes what the context says.</summary>
    public int? GpuDeviceId;

    /// <summary>Whether the processor will do where that GPU is not there; the context's counts for its own.</summary>
    public bool FallbackToCpu;

    /// <summary>Shapes that go before those in the file, by input or output.</summary>
    public IDictionary<string, int[]> ShapeDictionary;

    public int RecursionLimit = 100;

    public int? InterOpNumThreads;

    public int? IntraOpNumThreads;
}
