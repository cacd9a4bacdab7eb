// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Onnx;

/// <summary>A transformer that can be written as a graph from its feature column on.</summary>
internal interface IOnnxExportable
{
    /// <summary>Name of the feature column.</summary>
    string FeatureColumnName { get; }

    /// <summary>Length d of a row of features.</summary>
    int Dimension { get; }

    /// <summary>Mark of the encoder that its features came from; null where they had none.</summary>
    string? EncoderFingerprint { get; }

    /// <summary>Adds its nodes and outputs to a graph.</summary>
    /// <param name="graph">Receives them.</param>
    /// <param name="features">Value with the features, [N, d] Single.</param>
    /// <param name="options">What the outputs look like.</param>
    /// <exception cref="InvalidOperationException">It, or a setting of it, has no graph; the message says which.
    /// </exception>
    void ExportTo(OnnxGraph graph, string features, OnnxExportOptions options);
}
