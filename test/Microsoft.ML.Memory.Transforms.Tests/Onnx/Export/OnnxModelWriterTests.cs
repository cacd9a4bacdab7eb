// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Onnx;
using static Microsoft.ML.Memory.Onnx.TensorProto.Types;

namespace Microsoft.ML.Memory.Transforms.Tests.Onnx.Export;

/// <summary>Models as bytes, without a runtime.</summary>
[TestClass]
public sealed class OnnxModelWriterTests
{
    [TestMethod]
    public void A_model_beyond_2_GiB_is_refused_before_a_byte_is_written()
    {
        OnnxModelWriter writer = Writer(3_000_000_000, _ => Assert.Fail("nothing may be written"));
        using var stream = new MemoryStream();

        string message = Assert.ThrowsExactly<InvalidOperationException>(() => writer.Write(stream)).Message;

        Assert.IsFalse(writer.FitsOneFile);
        Assert.AreEqual(0, stream.Length);
        Assert.StartsWith("A model must be smaller than 2147483647 bytes to be one ONNX file. Got 3000", message);
        Assert.EndsWith("Export to a path, with the vectors in a file beside it.", message);
    }

    [TestMethod]
    public void Values_that_are_streamed_are_read_back()
    {
        byte[] values = [1, 2, 3, 4, 5, 6, 7, 8];
        using var stream = new MemoryStream();

        Writer(8, target => target.Write(values)).Write(stream);

        ModelProto model = ModelProto.Parser.ParseFrom(stream.ToArray());
        CollectionAssert.AreEqual(values, model.Graph.Initializer.Single().RawData.ToByteArray());
        Assert.AreEqual("keys", model.Graph.Initializer.Single().Name);
    }

    [TestMethod]
    public void Values_beside_a_model_begin_at_whole_pages()
    {
        var graph = new OnnxGraph("memory/");
        graph.Add(new LargeTensor("first", DataType.Uint8, [3], 3, stream => stream.Write([1, 2, 3])));
        graph.Add(new LargeTensor("second", DataType.Uint8, [2], 2, stream => stream.Write([4, 5])));
        using var file = new MemoryStream();
        using var data = new MemoryStream();

        new OnnxModelWriter(graph, []).Write(file, data, "beside.data");

        TensorProto second = ModelProto.Parser.ParseFrom(file.ToArray()).Graph.Initializer[1];
        Assert.AreEqual("4096", second.ExternalData.Single(entry => entry.Key == "offset").Value);
        Assert.AreEqual("2", second.ExternalData.Single(entry => entry.Key == "length").Value);
        CollectionAssert.AreEqual(new byte[] { 4, 5 }, data.ToArray()[4096..]);
    }

    private static OnnxModelWriter Writer(long byteCount, Action<Stream> write)
    {
        var graph = new OnnxGraph("memory/");
        graph.Add(new LargeTensor("keys", DataType.Uint8, [byteCount], byteCount, write));
        return new OnnxModelWriter(graph, []);
    }
}
