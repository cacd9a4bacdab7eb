// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Onnx;

/// <summary>A transformer that computes features by a network, which can go in front of a memory.</summary>
internal interface IOnnxEncoder
{
    /// <summary>Name of the column that it makes.</summary>
    string FeatureColumnName { get; }

    /// <summary>Names of the columns that it reads.</summary>
    IReadOnlyList<string> InputColumnNames { get; }

    /// <summary>Gives the network and what is done around it; each call gives a copy of its own.</summary>
    EncoderPart CreatePart();
}
