// Licensed under the MIT License. See LICENSE in the project root for license information.

using Google.Protobuf;
using Microsoft.ML.Memory.Onnx;

namespace Microsoft.ML.Memory.Transforms.Tests.Onnx.Files;

[TestClass]
public sealed class OnnxFileTests
{
    private static readonly OnnxLimit _limit = OnnxLimit.OfFitting(1 << 20);
    private string _folder = "";

    private string ModelPath => Path.Combine(_folder, "model.onnx");

    [TestInitialize]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("memory-ml-").FullName;

    [TestCleanup]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void Read_a_model_gives_its_graph()
    {
        ModelProto model = OnnxFile.Read(TinyNetwork.Linear().ToBytes(), _limit);

        Assert.AreEqual("MatMul", model.Graph.Node.Single().OpType);
    }

    [TestMethod]
    public void Read_what_is_no_model_is_refused()
    {
        byte[] good = TinyNetwork.Linear().ToBytes();

        AssertRefused("must be a whole ONNX file. Got 5 bytes that cannot be read as one.", "plain"u8.ToArray());
        AssertRefused(
            $"must be a whole ONNX file. Got {good.Length - 1} bytes that cannot be read as one.", good[..^1]);
        AssertRefused("must hold a graph with nodes. Got none in 0 bytes.", []);
        AssertRefused(
            "must hold a graph with nodes. Got none in 2 bytes.", new ModelProto { IrVersion = 8 }.ToByteArray());
    }

    [TestMethod]
    public void Read_any_beginning_of_a_model_is_refused_or_a_model()
    {
        byte[] good = TinyNetwork.Linear().ToBytes();

        for (int length = 0; length < good.Length; length++)
            Assert.ThrowsExactly<InvalidDataException>(() => OnnxFile.Read(good[..length], _limit), $"{length} bytes");
    }

    [TestMethod]
    public void Read_a_file_that_is_cut_short_meanwhile_is_refused()
    {
        using var stream = new MemoryStream([1, 2, 3]);

        Exception error = Assert.ThrowsExactly<InvalidDataException>(
            () => WholeRead.Fill(stream, new byte[5], "The ONNX model 'a.onnx'"));

        Assert.AreEqual(
            "The ONNX model 'a.onnx' must not be changed while it is read. Got its end after 3 of 5 bytes. Fit again "
            + "once it is written in full.",
            error.Message);
    }

    [TestMethod]
    public void Read_a_model_that_says_too_little_is_refused()
    {
        ModelProto old = TinyNetwork.Linear().Model, bare = TinyNetwork.Linear().Model;
        old.IrVersion = 2;
        bare.OpsetImport.Clear();

        AssertRefused("must be of IR version 3 or above. Got 2. Export it again.", old.ToByteArray());
        AssertRefused("must say the opset of its operators. Got none.", bare.ToByteArray());
    }

    [TestMethod]
    public void Read_more_bytes_than_the_limit_are_refused()
    {
        File.WriteAllBytes(ModelPath, TinyNetwork.Linear().ToBytes());
        long length = new FileInfo(ModelPath).Length;

        Exception error = Assert.ThrowsExactly<InvalidDataException>(
            () => OnnxFile.Read(ModelPath, OnnxLimit.OfFitting(length - 1), out _));

        Assert.AreEqual(
            $"The ONNX model '{ModelPath}' must have at most {length - 1} bytes, external data included. "
            + $"Got {length}. If it is to be trusted, raise EmbedOnnxOptions.MaxModelBytes.",
            error.Message);
    }

    [TestMethod]
    public void Read_messages_within_messages_beyond_measure_are_refused()
    {
        var inner = new NodeProto { OpType = "If" };
        for (int depth = 0; depth < 100; depth++)
        {
            var graph = new GraphProto();
            graph.Node.Add(inner);
            inner = new NodeProto { OpType = "If" };
            inner.Attribute.Add(new AttributeProto { Name = "then_branch", G = graph });
        }

        ModelProto model = TinyNetwork.Linear().Model;
        model.Graph.Node.Add(inner);
        byte[] bytes = model.ToByteArray();

        AssertRefused($"must be a whole ONNX file. Got {bytes.Length} bytes that cannot be read as one.", bytes);
    }

    [TestMethod]
    public void Read_a_file_that_is_not_there_is_refused()
    {
        Exception error = Assert.ThrowsExactly<FileNotFoundException>(() => OnnxFile.Read(ModelPath, _limit, out _));

        Assert.AreEqual(
            $"EmbedOnnxOptions.ModelFile must name an ONNX model. Got no file '{ModelPath}'.", error.Message);
    }

    [TestMethod]
    public void Read_external_data_beside_the_model_is_taken_in()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "data"));
        float[] expected = [1, 2, 3, 4, 5, 6];
        File.WriteAllBytes(
            Path.Combine(_folder, "data", "w.bin"), [9, 9, .. expected.SelectMany(BitConverter.GetBytes), 9]);
        WriteExternal(("location", "data/w.bin"), ("offset", "2"), ("length", "24"));

        ModelProto model = OnnxFile.Read(ModelPath, _limit, out _);

        CollectionAssert.AreEqual(TinyNetwork.Linear().ToBytes(), model.ToByteArray());
    }

    [TestMethod]
    [DataRow("../w.bin")]
    [DataRow("data/../../w.bin")]
    [DataRow("..\\w.bin")]
    [DataRow("/etc/passwd")]
    [DataRow("C:\\w.bin")]
    [DataRow("./w.bin")]
    [DataRow("")]
    public void Read_external_data_elsewhere_is_refused(string location)
    {
        WriteExternal(("location", location));

        AssertFileRefused(
            "that of tensor 'w' must lie within the model's folder, at a relative path without '..'. "
            + $"Got '{location}'.");
    }

    [TestMethod]
    public void Read_external_data_behind_a_link_is_refused()
    {
        string outside = Path.Combine(_folder, "outside"), models = Path.Combine(_folder, "models");
        Directory.CreateDirectory(outside);
        Directory.CreateDirectory(models);
        File.WriteAllBytes(Path.Combine(outside, "w.bin"), new byte[24]);
        File.CreateSymbolicLink(Path.Combine(models, "file.bin"), Path.Combine(outside, "w.bin"));
        Directory.CreateSymbolicLink(Path.Combine(models, "folder"), outside);
        _folder = models;
        try
        {
            foreach (string location in (string[])["file.bin", "folder/w.bin"])
            {
                WriteExternal(("location", location));
                AssertFileRefused(
                    "that of tensor 'w' must lie within the model's folder, and not behind a symbolic link. "
                    + $"Got '{location}'.");
            }
        }
        finally
        {
            _folder = Path.GetDirectoryName(models)!;
        }
    }

    [TestMethod]
    public void Read_external_data_beyond_its_file_is_refused()
    {
        File.WriteAllBytes(Path.Combine(_folder, "w.bin"), new byte[20]);

        WriteExternal(("location", "w.bin"), ("length", "24"));
        AssertFileRefused("that of tensor 'w' must lie within the 20 bytes of 'w.bin'. Got 24 bytes from 0.");
        WriteExternal(("location", "w.bin"), ("offset", "21"));
        AssertFileRefused("that of tensor 'w' must lie within the 20 bytes of 'w.bin'. Got an offset of 21.");
        WriteExternal(("location", "w.bin"), ("offset", "-1"));
        AssertFileRefused("that of tensor 'w' must have a number as offset. Got '-1'.");
        WriteExternal(("location", "no.bin"));
        AssertFileRefused("that of tensor 'w' must be in a file beside the model. Got no file 'no.bin'.");
    }

    [TestMethod]
    public void Read_external_data_beyond_the_limit_is_refused()
    {
        File.WriteAllBytes(Path.Combine(_folder, "w.bin"), new byte[2000]);
        WriteExternal(("location", "w.bin"));
        long length = new FileInfo(ModelPath).Length + 2000;

        Exception error = Assert.ThrowsExactly<InvalidDataException>(
            () => OnnxFile.Read(ModelPath, OnnxLimit.OfFitting(2000), out _));

        Assert.AreEqual(
            $"The ONNX model '{ModelPath}' must have at most 2000 bytes, external data included. Got {length}. "
            + "If it is to be trusted, raise EmbedOnnxOptions.MaxModelBytes.",
            error.Message);
    }

    [TestMethod]
    public void Read_bytes_with_external_data_are_refused()
    {
        WriteExternal(("location", "w.bin"));

        AssertRefused(
            "must hold all its data, since it is given as bytes. Got external data for tensor 'w'. "
            + "Give the path of the model instead.",
            File.ReadAllBytes(ModelPath));
    }

    [TestMethod]
    public void Read_external_data_within_a_subgraph_is_found()
    {
        ModelProto model = TinyNetwork.Linear().Model;
        var tensor = new TensorProto { Name = "deep", DataLocation = TensorProto.Types.DataLocation.External };
        var graph = new GraphProto();
        graph.Initializer.Add(tensor);
        var node = new NodeProto { OpType = "If" };
        node.Attribute.Add(new AttributeProto { Name = "then_branch", G = graph });
        model.Graph.Node.Add(node);

        AssertRefused(
            "must hold all its data, since it is given as bytes. Got external data for tensor 'deep'. "
            + "Give the path of the model instead.",
            model.ToByteArray());
    }

    [TestMethod]
    public void Limit_of_loading_is_read_from_the_application()
    {
        AppContext.SetData(OnnxLimit.Setting, "4096");
        try
        {
            Assert.AreEqual(4096, OnnxLimit.OfLoading().Bytes);
            AppContext.SetData(OnnxLimit.Setting, 5000L);
            Assert.AreEqual(5000, OnnxLimit.OfLoading().Bytes);
            AppContext.SetData(OnnxLimit.Setting, "many");
            Exception error = Assert.ThrowsExactly<InvalidOperationException>(() => OnnxLimit.OfLoading());
            Assert.AreEqual(
                "The AppContext data 'Microsoft.ML.Memory.MaxOnnxBytes' must be a number of bytes from 1 to "
                + "2147483583. Got many.",
                error.Message);
        }
        finally
        {
            AppContext.SetData(OnnxLimit.Setting, null);
        }

        Assert.AreEqual(1 << 30, OnnxLimit.OfLoading().Bytes);
    }

    private static void AssertRefused(string message, byte[] bytes)
    {
        Exception error = Assert.ThrowsExactly<InvalidDataException>(() => OnnxFile.Read(bytes, _limit));
        Assert.AreEqual($"The ONNX model {message}", error.Message);
    }

    private void AssertFileRefused(string message)
    {
        Exception error = Assert.ThrowsExactly<InvalidDataException>(() => OnnxFile.Read(ModelPath, _limit, out _));
        Assert.AreEqual($"The ONNX model '{ModelPath}' refers to external data: {message}", error.Message);
    }

    private void WriteExternal(params (string Key, string Value)[] entries)
    {
        ModelProto model = TinyNetwork.Linear().Model;
        TensorProto tensor = model.Graph.Initializer.Single();
        tensor.ClearRawData();
        tensor.DataLocation = TensorProto.Types.DataLocation.External;
        foreach ((string key, string value) in entries)
            tensor.ExternalData.Add(new StringStringEntryProto { Key = key, Value = value });
        File.WriteAllBytes(ModelPath, model.ToByteArray());
    }
}
