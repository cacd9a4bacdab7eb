// Licensed under the MIT License. See LICENSE in the project root for license information.

using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Microsoft.ML.Transforms.Onnx;

/// <summary>One message of an ONNX file: its name, and the messages in it; numbers are those of onnx.proto.</summary>
/// <remarks>Read with the limit to nesting that the file's reader is given.</remarks>
internal sealed class OnnxMessage(OnnxMessageKind kind) : IMessage
{
    private const int None = 0;

    private readonly List<OnnxMessage> _parts = [];

    public OnnxMessageKind Kind => kind;

    public string Name { get; private set; } = "";

    MessageDescriptor IMessage.Descriptor => throw new NotSupportedException();

    public static OnnxMessage Read(Stream stream, int recursionLimit)
    {
        OnnxMessage model = new(OnnxMessageKind.Model);
        model.MergeFrom(CodedInputStream.CreateWithLimits(stream, int.MaxValue, recursionLimit));
        return model;
    }

    public IEnumerable<OnnxMessage> Parts(OnnxMessageKind kind) => _parts.Where(part => part.Kind == kind);

    /// <summary>The one part of a kind, null where there is none.</summary>
    public OnnxMessage Part(OnnxMessageKind kind) => Parts(kind).FirstOrDefault();

    public void MergeFrom(CodedInputStream input)
    {
        while (input.ReadTag() is not 0 and uint tag)
        {
            int field = WireFormat.GetTagFieldNumber(tag);
            bool hasLength = WireFormat.GetTagWireType(tag) == WireFormat.WireType.LengthDelimited;
            if (hasLength && PartOf(field) is { } partKind)
            {
                OnnxMessage part = new(partKind);
                input.ReadMessage(part);
                _parts.Add(part);
            }
            else if (hasLength && field == NameField())
            {
                Name = input.ReadString();
            }
            else
            {
                input.SkipLastField();
            }
        }
    }

    void IMessage.WriteTo(CodedOutputStream output) => throw new NotSupportedException();

    int IMessage.CalculateSize() => throw new NotSupportedException();

    private OnnxMessageKind? PartOf(int field) => (kind, field) switch
    {
        (OnnxMessageKind.Model, 7) => OnnxMessageKind.Graph,
        (OnnxMessageKind.Graph, 1) => OnnxMessageKind.Node,
        (OnnxMessageKind.Graph, 5) => OnnxMessageKind.Initializer,
        (OnnxMessageKind.Graph, 11) => OnnxMessageKind.Input,
        (OnnxMessageKind.Graph, 12) => OnnxMessageKind.Output,
        (OnnxMessageKind.Graph, 13) => OnnxMessageKind.Inner,
        (OnnxMessageKind.Node, 5) => OnnxMessageKind.Attribute,
        (OnnxMessageKind.Attribute, 5 or 10) => OnnxMessageKind.Initializer,
        (OnnxMessageKind.Attribute, 6 or 11) => OnnxMessageKind.Graph,
        (OnnxMessageKind.Input or OnnxMessageKind.Output or OnnxMessageKind.Inner, 2) => OnnxMessageKind.Type,
        (OnnxMessageKind.Type, 1) => OnnxMessageKind.TensorType,
        (OnnxMessageKind.TensorType, 2) => OnnxMessageKind.Shape,
        (OnnxMessageKind.Shape, 1) => OnnxMessageKind.Dimension,
        _ => null,
    };

    private int NameField() => kind switch
    {
        OnnxMessageKind.Input or OnnxMessageKind.Output or OnnxMessageKind.Inner => 1,
        OnnxMessageKind.Initializer => 8,
        _ => None,
    };
}
