// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Diagnostics;
using Google.Protobuf;
using Microsoft.ML.Memory.Onnx;

namespace Microsoft.ML.Memory.Transforms.Tests.Onnx.Files;

/// <summary>Models that were made to do harm.</summary>
[TestClass]
public sealed class HostileModelTests
{
    private static readonly OnnxLimit _limit = OnnxLimit.OfFitting(1 << 26);
    private string _folder = "";

    [TestInitialize]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("memory-ml-").FullName;

    [TestCleanup]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    [DataRow(0x0A)] // an empty node of the graph
    [DataRow(0x78)] // a number of a field that no graph has
    public void Read_parts_of_two_bytes_beyond_measure_are_refused_unmade(int tag)
    {
        byte[] graph = new byte[2 * (OnnxParts.Most + 1)];
        for (int i = 0; i < graph.Length; i += 2) graph[i] = (byte)tag;
        byte[] length = new byte[8];
        var output = new CodedOutputStream(length);
        output.WriteLength(graph.Length);
        byte[] model = [0x3A, .. length.AsSpan(0, (int)output.Position), .. graph];
        long before = GC.GetAllocatedBytesForCurrentThread();

        Exception error = Assert.ThrowsExactly<InvalidDataException>(() => OnnxFile.Read(model, _limit));

        Assert.AreEqual(
            "The ONNX model must have at most 4194304 nodes, names and other parts. Got more.", error.Message);
        Assert.IsLessThan(1 << 20, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [TestMethod]
    public void Read_groups_are_refused()
    {
        byte[] model = [.. TinyNetwork.Linear().ToBytes(), 0xFB, 0x3E, 0xFC, 0x3E];

        Exception error = Assert.ThrowsExactly<InvalidDataException>(() => OnnxFile.Read(model, _limit));

        Assert.AreEqual(
            $"The ONNX model must be a whole ONNX file. Got {model.Length} bytes that cannot be read as one.",
            error.Message);
    }

    [TestMethod]
    public void Read_external_data_in_a_pipe_is_refused_and_not_waited_for()
    {
        if (OperatingSystem.IsWindows()) Assert.Inconclusive("A folder of Windows holds no pipes.");
        using (Process make = Process.Start("mkfifo", Path.Combine(_folder, "weights.bin"))) make.WaitForExit();
        TinyNetwork network = TinyNetwork.Linear();
        TensorProto tensor = network.Model.Graph.Initializer[0];
        tensor.ClearRawData();
        tensor.DataLocation = TensorProto.Types.DataLocation.External;
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = "weights.bin" });
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "length", Value = "24" });
        string path = Path.Combine(_folder, "model.onnx");
        File.WriteAllBytes(path, network.ToBytes());

        Exception error = Assert.ThrowsExactly<InvalidDataException>(() => OnnxFile.Read(path, _limit, out _));

        Assert.AreEqual(
            $"The ONNX model '{path}' refers to external data: that of tensor 'w' must lie within the 0 bytes of "
            + "'weights.bin'. Got 24 bytes from 0.",
            error.Message);
    }

    [TestMethod]
    public void Read_a_function_is_called_with_what_it_takes()
    {
        AssertRefused(
            "The ONNX model must call its function 'F' with at most 1 inputs and 1 outputs. Got 2 and 1.",
            Calling(["x", "x"], Function("F", "Relu")));
        Assert.HasCount(1, OnnxFile.Read(Calling(["x"], Function("F", "Relu")).ToBytes(), _limit).Functions);
    }

    [TestMethod]
    [DataRow("", "ai.onnx")]
    [DataRow("ai.onnx", "")]
    public void Read_a_function_of_the_standard_domain_is_found_by_both_names_of_it(string declared, string called)
    {
        FunctionProto function = Function("F", "Relu");
        function.Domain = declared;
        TinyNetwork network = Calling(["x", "x"], function);
        network.Model.Graph.Node[^1].Domain = called;

        AssertRefused(
            "The ONNX model must call its function 'F' with at most 1 inputs and 1 outputs. Got 2 and 1.", network);
    }

    [TestMethod]
    public void Read_functions_that_come_to_too_many_nodes_are_refused()
    {
        const string message = "The ONNX model must come to at most 4194304 nodes with its functions, which may call "
            + "each other 100 deep and never themselves. Got more.";
        FunctionProto[] doubling = [.. Enumerable.Range(0, 40).Select(level =>
            Function(level == 0 ? "F" : $"F{level}", $"F{level + 1}", $"F{level + 1}"))];
        FunctionProto[] chain = [.. Enumerable.Range(0, 200).Reverse().Select(level =>
            Function(level == 0 ? "F" : $"F{level}", $"F{level + 1}"))];

        AssertRefused(message, Calling(["x"], doubling));
        AssertRefused(message, Calling(["x"], chain));
        AssertRefused(message, Calling(["x"], Function("F", "F")));
    }

    private static TinyNetwork Calling(string[] inputs, params FunctionProto[] functions)
    {
        TinyNetwork network = TinyNetwork.Linear().Node("F", inputs, "z");
        network.Model.Graph.Node[^1].Domain = "own";
        network.Model.OpsetImport.Add(new OperatorSetIdProto { Domain = "own", Version = 1 });
        network.Model.Functions.Add(functions);
        return network;
    }

    private static FunctionProto Function(string name, params string[] types)
    {
        var function = new FunctionProto { Name = name, Domain = "own", Input = { "a0" } };
        function.Output.Add($"a{types.Length}");
        for (int i = 0; i < types.Length; i++)
        {
            function.Node.Add(new NodeProto
            {
                OpType = types[i],
                Domain = types[i][0] == 'F' ? "own" : "",
                Input = { $"a{i}" },
                Output = { $"a{i + 1}" },
            });
        }

        return function;
    }

    private static void AssertRefused(string message, TinyNetwork network)
    {
        Exception error = Assert.ThrowsExactly<InvalidDataException>(() => OnnxFile.Read(network.ToBytes(), _limit));
        Assert.AreEqual(message, error.Message);
    }
}
