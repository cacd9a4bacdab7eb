// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Transforms.Onnx;

/// <summary>The messages of an ONNX file that are looked into.</summary>
internal enum OnnxMessageKind
{
    Model,
    Graph,
    Node,
    Attribute,
    Initializer,
    Input,
    Output,
    Inner,
    Type,
    TensorType,
    Shape,
    Dimension,
}
