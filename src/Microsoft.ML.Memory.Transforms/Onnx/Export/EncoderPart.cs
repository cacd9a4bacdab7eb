// Licensed under the MIT License. See LICENSE in the project root for license information.

using static Microsoft.ML.Memory.Onnx.TensorProto.Types;

namespace Microsoft.ML.Memory.Onnx;

/// <summary>An encoder that goes in front of a memory in one graph.</summary>
/// <param name="Model">The network with all its data, which is changed; its first output is the wanted tensor.</param>
/// <param name="Inputs">Its inputs.</param>
/// <param name="OutputType">Type of the wanted tensor.</param>
/// <param name="OutputDimensions">Its dimensions for a row; -1 is the number of tokens.</param>
internal sealed record EncoderPart(
    ModelProto Model, IReadOnlyList<EncoderInput> Inputs, DataType OutputType, IReadOnlyList<int> OutputDimensions)
{
    /// <summary>Name of the column of features.</summary>
    public required string FeatureColumnName { get; init; }

    /// <summary>Length of the features.</summary>
    public required int FeatureCount { get; init; }

    /// <summary>What tells the encoder from others.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>Whether the first dimension counts rows.</summary>
    public required bool HasBatch { get; init; }

    /// <summary>How many rows it must be; null where any number may be.</summary>
    public required int? BatchSize { get; init; }

    /// <summary>How the tensor of a row becomes a vector.</summary>
    public EncoderPooling Pooling { get; init; }

    /// <summary>Whether features are scaled to length 1.</summary>
    public bool IsNormalized { get; init; }
}
