// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.InteropServices;
using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;
using Microsoft.ML.Memory.Onnx;

namespace Microsoft.ML.Memory.Transforms.Tests.Onnx.Files;

/// <summary>Models whose large values stay where they are.</summary>
[TestClass]
public sealed class ModelParserTests
{
    [TestMethod]
    public void Parse_gives_what_the_parser_of_the_messages_gives()
    {
        Config config = Config.QuickThrowOnFailure.WithMaxTest(60).WithReplay(20_261_121, 11);

        FsCheck.Check.One(config, Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            byte[] bytes = Draw(random).ToByteArray();
            CollectionAssert.AreEqual(bytes, ModelParser.Parse(bytes).ToByteArray());
            for (int flips = 0; flips < 20; flips++)
            {
                byte[] flipped = [.. bytes];
                flipped[random.Next(Math.Min(300, bytes.Length))] ^= (byte)random.Next(1, 256);
                if (OnnxParts.Count(new MemoryStream(flipped), flipped.Length) is not <= OnnxParts.Most) continue;
                Assert.AreEqual(Parsed(ModelProto.Parser.ParseFrom, flipped), Parsed(ModelParser.Parse, flipped));
            }
        }));
    }

    [TestMethod]
    public void Parse_keeps_large_values_in_the_bytes()
    {
        byte[] bytes = Draw(new Random(1)).ToByteArray();

        TensorProto[] tensors = [.. GraphTensors.Of(ModelParser.Parse(bytes))];

        Assert.HasCount(5, tensors);
        foreach (TensorProto tensor in tensors)
        {
            Assert.IsTrue(MemoryMarshal.TryGetArray(tensor.RawData.Memory, out ArraySegment<byte> part));
            Assert.AreEqual(tensor.RawData.Length >= 1024, ReferenceEquals(bytes, part.Array), tensor.Name);
        }
    }

    [TestMethod]
    public void Parse_values_that_come_twice_are_taken_as_the_last_of_them()
    {
        TensorProto first = Tensor("w", 2000, 1), second = new() { RawData = Tensor("w", 3000, 2).RawData };
        byte[] tensor = [.. first.ToByteArray(), .. second.ToByteArray()];
        byte[] initializer = Field(GraphProto.InitializerFieldNumber, tensor);
        byte[] bytes = Field(ModelProto.GraphFieldNumber, initializer);

        ModelProto model = ModelParser.Parse(bytes);

        Assert.AreEqual(ModelProto.Parser.ParseFrom(bytes), model);
        Assert.AreEqual(3000, model.Graph.Initializer.Single().RawData.Length);
    }

    [TestMethod]
    public void Bytes_of_a_model_are_those_it_was_read_from_where_they_are_the_same()
    {
        byte[] bytes = Draw(new Random(1)).ToByteArray();
        ModelProto model = ModelParser.Parse(bytes);

        Assert.AreSame(bytes, OnnxFile.BytesOf(model, bytes));

        model.Graph.Name = "Model"; // as long as before
        CollectionAssert.AreEqual(model.ToByteArray(), OnnxFile.BytesOf(model, bytes));
        model.Graph.Name = "longer than before";
        CollectionAssert.AreEqual(model.ToByteArray(), OnnxFile.BytesOf(model, bytes));
    }

    /// <summary>Gives a model, or none where it breaks a rule of the format.</summary>
    private static ModelProto? Parsed(Func<byte[], ModelProto> parse, byte[] bytes)
    {
        try
        {
            return parse(bytes);
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    private static byte[] Field(int number, byte[] content)
    {
        using var stream = new MemoryStream();
        var coded = new CodedOutputStream(stream);
        coded.WriteTag(number, WireFormat.WireType.LengthDelimited);
        coded.WriteBytes(ByteString.CopyFrom(content));
        coded.Flush();
        return stream.ToArray();
    }

    /// <summary>Values in the graph, in a node, in a graph within a node and in a function, of many sizes.</summary>
    private static ModelProto Draw(Random random)
    {
        TensorProto Next(string name) => Tensor(name, random.Next(2) == 0 ? random.Next(1024) : random.Next(90_000), 3);
        var inner = new GraphProto { Name = "inner", Initializer = { Next("inner") } };
        var node = new NodeProto { OpType = "If" };
        node.Attribute.Add(new AttributeProto { Name = "then", G = inner });
        node.Attribute.Add(new AttributeProto { Name = "value", T = Next("value"), F = 1.5f });
        var function = new FunctionProto();
        function.Node.Add(new NodeProto { Attribute = { new AttributeProto { T = Next("f") } } });
        return new ModelProto
        {
            IrVersion = 8,
            Graph = new GraphProto { Name = "model", Initializer = { Next("a"), Next("b") }, Node = { node } },
            Functions = { function },
            OpsetImport = { new OperatorSetIdProto { Domain = "", Version = 17 } },
        };
    }

    private static TensorProto Tensor(string name, int length, int step)
    {
        byte[] values = [.. Enumerable.Range(0, length).Select(index => (byte)(index * step))];
        return new TensorProto { Name = name, Dims = { length }, DataType = 2, RawData = ByteString.CopyFrom(values) };
    }
}
