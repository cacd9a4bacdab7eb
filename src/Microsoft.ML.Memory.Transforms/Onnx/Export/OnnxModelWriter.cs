// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using Google.Protobuf;
using static Microsoft.ML.Memory.Onnx.TensorProto.Types;

namespace Microsoft.ML.Memory.Onnx;

/// <summary>Writes a graph as an ONNX file, the large initializers piece by piece.</summary>
internal sealed class OnnxModelWriter
{
    /// <summary>Where a tensor begins in a file of external data: pages can be mapped.</summary>
    private const long PageBytes = 4096;

    /// <summary>No message of the file format may be longer.</summary>
    private const long LargestBytes = int.MaxValue;

    private const int GraphField = 7;
    private const int InitializerField = 5;
    private const int RawDataField = 9;

    private readonly OnnxGraph _graph;
    private readonly IEnumerable<OperatorSetIdProto> _otherDomains;

    /// <param name="graph">The finished graph.</param>
    /// <param name="otherDomains">Operator sets beside the standard one.</param>
    public OnnxModelWriter(OnnxGraph graph, IEnumerable<OperatorSetIdProto> otherDomains)
    {
        _graph = graph;
        _otherDomains = otherDomains;
    }

    /// <summary>Whether the model fits into one file.</summary>
    public bool FitsOneFile => OneFileBytes <= LargestBytes;

    private long OneFileBytes
        => CreateModel().CalculateSize() + 16L + GraphBytes(_graph.Large.Sum(tensor => TensorBytes(tensor) + 16));

    /// <summary>Writes one file.</summary>
    /// <exception cref="InvalidOperationException">It would be too large; nothing is written.</exception>
    public void Write(Stream stream)
    {
        if (!FitsOneFile)
        {
            throw new InvalidOperationException(
                $"A model must be smaller than {LargestBytes} bytes to be one ONNX file. Got {OneFileBytes} bytes. "
                + "Export to a path, with the vectors in a file beside it.");
        }

        var coded = new CodedOutputStream(stream, leaveOpen: true);
        CreateModel().WriteTo(coded);
        coded.WriteTag(GraphField, WireFormat.WireType.LengthDelimited);
        coded.WriteLength((int)GraphBytes(_graph.Large.Sum(FieldBytes)));
        _graph.Proto.WriteTo(coded);
        foreach (LargeTensor tensor in _graph.Large)
        {
            coded.WriteTag(InitializerField, WireFormat.WireType.LengthDelimited);
            coded.WriteLength((int)TensorBytes(tensor));
            tensor.Header().WriteTo(coded);
            coded.WriteTag(RawDataField, WireFormat.WireType.LengthDelimited);
            coded.WriteLength((int)tensor.ByteCount);
            coded.Flush();
            tensor.Write(stream);
        }

        coded.Flush();
    }

    /// <summary>Writes the model without its large initializers, and those to a file beside it.</summary>
    /// <param name="model">Receives the model.</param>
    /// <param name="data">Receives the values.</param>
    /// <param name="location">Name of the file with the values, without a folder.</param>
    public void Write(Stream model, Stream data, string location)
    {
        GraphProto proto = _graph.Proto.Clone();
        long offset = 0;
        foreach (LargeTensor tensor in _graph.Large)
        {
            data.Write(new byte[(int)((PageBytes - (offset % PageBytes)) % PageBytes)]);
            offset = (offset + PageBytes - 1) / PageBytes * PageBytes;
            TensorProto header = tensor.Header();
            header.DataLocation = DataLocation.External;
            header.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = location });
            header.ExternalData.Add(Entry("offset", offset));
            header.ExternalData.Add(Entry("length", tensor.ByteCount));
            proto.Initializer.Add(header);
            tensor.Write(data);
            offset += tensor.ByteCount;
        }

        ModelProto message = CreateModel();
        message.Graph = proto;
        message.WriteTo(model);
    }

    private static StringStringEntryProto Entry(string key, long value)
        => new() { Key = key, Value = value.ToString(CultureInfo.InvariantCulture) };

    private static long TensorBytes(LargeTensor tensor)
        => tensor.Header().CalculateSize() + 1 + VarintBytes(tensor.ByteCount) + tensor.ByteCount;

    private static long FieldBytes(LargeTensor tensor)
    {
        long bytes = TensorBytes(tensor);
        return 1 + VarintBytes(bytes) + bytes;
    }

    private static int VarintBytes(long value)
    {
        int bytes = 1;
        for (; value > 127; value >>= 7) bytes++;
        return bytes;
    }

    private long GraphBytes(long largeBytes) => _graph.Proto.CalculateSize() + largeBytes;

    private ModelProto CreateModel()
    {
        var model = new ModelProto
        {
            IrVersion = _graph.IrVersion,
            ProducerName = "Memory.ML",
            ProducerVersion = typeof(OnnxModelWriter).Assembly.GetName().Version!.ToString(3),
            OpsetImport = { new OperatorSetIdProto { Domain = "", Version = _graph.Opset } },
        };
        model.OpsetImport.Add(_otherDomains);
        foreach ((string key, string value) in _graph.Metadata)
            model.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = value });
        return model;
    }
}
