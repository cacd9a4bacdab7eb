// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.IO.Compression;
using Host.Behaviour.Tests.Harness;
using Host.Behaviour.Tests.OnnxRuntime;
using Microsoft.ML;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Microsoft.ML.Transforms.Onnx;

namespace Host.Behaviour.Tests.Networks;

/// <summary>Where networks come from and go to: files, streams, model files.</summary>
[TestClass]
public sealed class SourceTests : NetworkTests
{
    private const string NoFile = "ModelFile cannot be null or white space (Parameter 'ModelFile')";

    [TestMethod]
    public void ApplyOnnxModel_no_file_is_refused_at_once()
    {
        foreach (string file in new[] { null, "", " " })
        {
            Assert.AreEqual(NoFile, Assert.ThrowsExactly<ArgumentOutOfRangeException>(
                () => Ml.Transforms.ApplyOnnxModel(file)).Message);
        }
        Assert.AreEqual(NoFile, Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => Ml.Transforms.ApplyOnnxModel((Stream)null)).Message);
        foreach (string path in new[] { Path.Combine(TempFolder.Path, "none.onnx"), TempFolder.Path })
        {
            Assert.AreEqual($"Model file {path} does not exists.", Assert.ThrowsExactly<IOException>(
                () => Ml.Transforms.ApplyOnnxModel(path)).Message);
        }
    }

    [TestMethod]
    public void ApplyOnnxModel_options_without_names_are_refused()
    {
        string file = Written("options.onnx");

        Assert.ThrowsExactly<NullReferenceException>(() => Ml.Transforms.ApplyOnnxModel((OnnxOptions)null));
        Assert.ThrowsExactly<NullReferenceException>(
            () => Ml.Transforms.ApplyOnnxModel(new OnnxOptions { ModelFile = file }));
        Assert.ThrowsExactly<NullReferenceException>(
            () => Ml.Transforms.ApplyOnnxModel((string[])null, (string[])null, file));
    }

    [TestMethod]
    public void ApplyOnnxModel_text_in_place_of_a_network_is_refused_at_once()
    {
        string file = Path.Combine(TempFolder.Path, "text.onnx");
        File.WriteAllText(file, "hello world");

        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Ml.Transforms.ApplyOnnxModel(file));
        var empty = Assert.ThrowsExactly<InvalidOperationException>(
            () => Ml.Transforms.ApplyOnnxModel(new MemoryStream()));

        StringAssert.StartsWith(
            error.Message,
            "Error initializing model :Microsoft.ML.OnnxRuntime.OnnxRuntimeException: [ErrorCode:InvalidProtobuf] " +
            $"Load model from {file} failed:Protobuf parsing failed.");
        Assert.IsInstanceOfType<OnnxRuntimeException>(error.InnerException);
        StringAssert.StartsWith(
            empty.Message,
            "Error initializing model :Microsoft.ML.OnnxRuntime.OnnxRuntimeException: [ErrorCode:Fail] " +
            "Load model from ");
    }

    [TestMethod]
    public void ApplyOnnxModel_nesting_beyond_the_limit_is_refused_at_once()
    {
        Assert.AreEqual(
            "Recursion limit must be positive (Parameter 'recursionLimit!')",
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Limited(0)).Message);
        Assert.AreEqual(
            "Google.Protobuf.InvalidProtocolBufferException",
            Assert.Throws<IOException>(() => Limited(5)).GetType().FullName);
        Assert.IsNotNull(Limited(6));

        OnnxScoringEstimator Limited(int limit) => Ml.Transforms.ApplyOnnxModel(
            [], [], new MemoryStream(Same(TensorElementType.Float, 1, 3)), null, null, false, limit);
    }

    [TestMethod]
    public void ApplyOnnxModel_reads_a_stream_from_its_beginning_and_leaves_it_open()
    {
        MemoryStream stream = RankerStream();
        stream.Position = stream.Length;
        IDataView rows = Rows(1);

        IDataView scored = Ml.Transforms.ApplyOnnxModel(stream).Fit(rows).Transform(rows);

        Assert.AreEqual("1 3", Text(Floats(scored, "scores")));
        Assert.AreEqual(stream.Length, stream.Position);
    }

    [TestMethod]
    public void Fit_gives_the_same_transformer_always()
    {
        OnnxScoringEstimator estimator = Ml.Transforms.ApplyOnnxModel(RankerStream());

        Assert.AreSame(estimator.Fit(Rows(1)), estimator.Fit(Rows(2)));
    }

    [TestMethod]
    public void Save_needs_the_file_of_the_network_again()
    {
        string file = Written("deleted.onnx");
        IDataView rows = Rows(1);
        ITransformer model = Ml.Transforms.ApplyOnnxModel(file).Fit(rows);
        File.Delete(file);

        Assert.AreEqual("1 3", Text(Floats(model.Transform(rows), "scores")));
        Assert.AreEqual($"Could not find file '{file}'.", Assert.ThrowsExactly<FileNotFoundException>(
            () => Ml.Model.Save(model, rows.Schema, new MemoryStream())).Message);
    }

    [TestMethod]
    public void Save_keeps_the_network_as_it_is()
    {
        byte[] network = Ranker();
        IDataView rows = Rows(1);
        MemoryStream stream = new();
        Ml.Model.Save(Ml.Transforms.ApplyOnnxModel(new MemoryStream(network)).Fit(rows), rows.Schema, stream);

        using ZipArchive archive = new(stream, ZipArchiveMode.Read);

        byte[] saved = Bytes(archive, "TransformerChain/OnnxModel");
        Assert.AreEqual(network.Length, BitConverter.ToInt32(saved));
        CollectionAssert.AreEqual(network, saved[4..]);
        string header = System.Text.Encoding.ASCII.GetString(Bytes(archive, "TransformerChain/Model.key"));
        StringAssert.Contains(header, "ONNXSCOR");
        StringAssert.Contains(header, "OnnxTransform\0");
    }

    [TestMethod]
    public void Load_keeps_given_shapes()
    {
        Dictionary<string, int[]> shapes = new() { ["x"] = [2, 3], ["y"] = [2, 3] };
        IDataView rows = Vectors(6, [1, 2, 3, 4, 5, 6]);
        MemoryStream stream = new();
        Ml.Model.Save(
            Ml.Transforms.ApplyOnnxModel(new MemoryStream(Same(TensorElementType.Float, "batch", 3)), shapes)
                .Fit(rows),
            rows.Schema,
            stream);
        stream.Position = 0;

        IDataView same = Ml.Model.Load(stream, out _).Transform(rows);

        Assert.AreEqual("y:Vector<Single, 2, 3>", Columns(same, 1));
        Assert.AreEqual("1 2 3 4 5 6", Text(Floats(same, "y")));
    }

    private static string Written(string name)
    {
        string file = Path.Combine(TempFolder.Path, name);
        File.WriteAllBytes(file, Ranker());
        return file;
    }

    private static byte[] Bytes(ZipArchive archive, string entry)
    {
        using Stream stream = archive.GetEntry(entry).Open();
        MemoryStream bytes = new();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
