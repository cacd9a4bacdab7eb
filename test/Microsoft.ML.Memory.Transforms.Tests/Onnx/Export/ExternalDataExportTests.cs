// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Google.Protobuf;
using Microsoft.ML.Memory.Onnx;

namespace Microsoft.ML.Memory.Transforms.Tests.Onnx.Export;

/// <summary>Exports of two files, which a reader sees change as one.</summary>
[TestClass]
public sealed class ExternalDataExportTests
{
    private const int Dimension = 12;

    private static readonly OnnxExportOptions _beside = new() { HasExternalData = true };

    private readonly MLContext _mlContext = new(seed: 0);
    private readonly string _folder = Directory.CreateTempSubdirectory("export").FullName;

    private string PathOfModel => Path.Combine(_folder, "memory.onnx");

    [TestCleanup]
    public void Clean() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void Values_lie_beside_the_model_under_a_name_of_their_own_and_give_the_same()
    {
        VisualMemoryTransformer memory = Fit(80);
        memory.ExportToOnnx(PathOfModel, _beside);
        float[] rows = VectorRows.Flat(VectorRows.Draw(20, Dimension, 3, seed: 2));

        using GraphRun beside = new(PathOfModel);
        using GraphRun inside = GraphRun.Of(memory);

        CollectionAssert.AreEqual(
            (float[])inside.Run(rows, Dimension, 20)["NeighborDistances"],
            (float[])beside.Run(rows, Dimension, 20)["NeighborDistances"]);
        string data = OtherFiles().Single();
        StringAssert.Matches(data, new("^memory[.]onnx[.][0-9a-f]{32}[.]data$"));
        Assert.AreEqual(80L * Dimension * sizeof(float), new FileInfo(Path.Combine(_folder, data)).Length);
        Assert.AreEqual(data, LocationOf(PathOfModel));
    }

    [TestMethod]
    public void A_new_export_takes_the_place_of_both_files()
    {
        Fit(80).ExportToOnnx(PathOfModel, _beside);
        string before = LocationOf(PathOfModel);

        Fit(50).ExportToOnnx(PathOfModel, _beside);

        string after = LocationOf(PathOfModel);
        Assert.AreNotEqual(before, after);
        CollectionAssert.AreEqual(new[] { after }, OtherFiles());
        Assert.AreEqual(50L * Dimension * sizeof(float), new FileInfo(Path.Combine(_folder, after)).Length);
    }

    [TestMethod]
    public void An_export_in_one_file_takes_the_place_of_two()
    {
        Fit(80).ExportToOnnx(PathOfModel, _beside);

        Fit(50).ExportToOnnx(PathOfModel);

        Assert.IsEmpty(OtherFiles());
    }

    [TestMethod]
    public void What_a_killed_export_left_is_deleted_and_files_of_others_stay()
    {
        string id = new('a', 32);
        string[] others =
        [
            "memory.onnx.data", $"memory.onnx.{id}0.data", $"memory.onnx.{new string('A', 32)}.data",
            $"other.onnx.{id}.data",
        ];
        foreach (string name in others) File.WriteAllText(Path.Combine(_folder, name), "of others");
        File.WriteAllText(Path.Combine(_folder, $"memory.onnx.{id}.data"), "left");

        Fit(50).ExportToOnnx(PathOfModel);

        CollectionAssert.AreEquivalent(others, OtherFiles());
    }

    [TestMethod]
    public void A_model_that_a_killed_export_did_not_move_is_deleted_with_its_values()
    {
        Fit(80).ExportToOnnx(PathOfModel, _beside);
        string[] others =
        [
            "memory.onnx.tmp", $"memory.onnx.{new string('B', 32)}.tmp", $"other.onnx.{new string('b', 32)}.tmp",
        ];
        foreach (string name in others) File.WriteAllText(Path.Combine(_folder, name), "of others");
        File.Move(PathOfModel, Path.Combine(_folder, $"memory.onnx.{new string('b', 32)}.tmp"));

        Fit(50).ExportToOnnx(PathOfModel);

        CollectionAssert.AreEquivalent(others, OtherFiles());
    }

    [TestMethod]
    [DataRow(OnnxModelFiles.ValuesExtension)]
    [DataRow(OnnxModelFiles.TemporaryExtension)]
    public void Files_of_an_export_that_still_writes_are_left_alone(string extension)
    {
        using (var file = HeldFile.Create(PathOfModel, extension))
        {
            Fit(50).ExportToOnnx(PathOfModel);
            CollectionAssert.AreEqual(new[] { file.Name }, OtherFiles());
            file.Complete();

            Fit(50).ExportToOnnx(PathOfModel);
            CollectionAssert.AreEqual(new[] { file.Name }, OtherFiles());
        }

        Fit(50).ExportToOnnx(PathOfModel);
        Assert.IsEmpty(OtherFiles());
    }

    [TestMethod]
    public void A_failure_leaves_the_old_files_and_no_new_ones()
    {
        Fit(80).ExportToOnnx(PathOfModel, _beside);
        string data = LocationOf(PathOfModel);
        File.Move(PathOfModel, PathOfModel + ".kept");
        Directory.CreateDirectory(PathOfModel);

        Assert.Throws<Exception>(() => Fit(50).ExportToOnnx(PathOfModel, _beside));

        CollectionAssert.AreEquivalent(new[] { "memory.onnx.kept", data }, OtherFiles());
    }

    [TestMethod]
    [DataRow("copy.onnx")]
    [DataRow("copy.ONNX")]
    [DataRow("memory.onnx.bak")]
    [DataRow("memory.onnx~")]
    public void Values_that_a_copy_of_the_model_names_stay(string copy)
    {
        Fit(80).ExportToOnnx(PathOfModel, _beside);
        string data = LocationOf(PathOfModel);
        File.Copy(PathOfModel, Path.Combine(_folder, copy));

        Fit(50).ExportToOnnx(PathOfModel);

        CollectionAssert.AreEquivalent(new[] { copy, data }, OtherFiles());
    }

    [TestMethod]
    public void Models_are_searched_for_names_and_their_values_are_passed_over()
    {
        Fit(80).ExportToOnnx(PathOfModel, _beside);
        byte[] name = Encoding.UTF8.GetBytes(LocationOf(PathOfModel));
        var values = new TensorProto { RawData = ByteString.CopyFrom([.. name, .. new byte[8192]]) };
        var other = new ModelProto { Graph = new GraphProto { Initializer = { values } } };
        File.WriteAllBytes(Path.Combine(_folder, "other.onnx"), other.ToByteArray());
        File.WriteAllBytes(Path.Combine(_folder, "broken.onnx"), [0, .. name]);

        Fit(50).ExportToOnnx(PathOfModel);

        CollectionAssert.AreEquivalent(new[] { "broken.onnx", "other.onnx" }, OtherFiles());
    }

    [TestMethod]
    [Timeout(30_000, CooperativeCancellation = false)]
    public void A_pipe_that_is_called_like_values_is_not_opened()
    {
        if (!OperatingSystem.IsLinux()) Assert.Inconclusive("Only Linux is known to have mkfifo.");
        string pipe = $"memory.onnx.{new string('a', 32)}.data";
        using (Process make = Process.Start("mkfifo", [Path.Combine(_folder, pipe)])) make.WaitForExit();

        Fit(50).ExportToOnnx(PathOfModel);

        CollectionAssert.AreEqual(new[] { pipe }, OtherFiles());
    }

    [TestMethod]
    public void Exports_at_once_leave_one_whole_model_and_readers_see_whole_ones()
    {
        OnnxHere.Require();
        VisualMemoryTransformer[] memories = [Fit(60), Fit(80)];
        memories[0].ExportToOnnx(PathOfModel, _beside);
        using var end = new CancellationTokenSource();
        Task reader = Task.Run(() => ReadUntil(end.Token));

        Parallel.ForEach(memories, memory =>
        {
            for (int round = 0; round < 8; round++) memory.ExportToOnnx(PathOfModel, _beside);
        });
        end.Cancel();
        reader.Wait();

        CollectionAssert.AreEqual(new[] { LocationOf(PathOfModel) }, OtherFiles());
        using GraphRun last = new(PathOfModel);
    }

    [TestMethod]
    public void Many_exports_at_once_do_not_delete_what_another_has_just_begun()
    {
        VisualMemoryTransformer memory = Fit(20);
        var failures = new ConcurrentQueue<Exception>();
        Thread[] threads = [.. Enumerable.Range(0, 6).Select(_ => new Thread(() =>
        {
            try
            {
                for (int round = 0; round < 60; round++) memory.ExportToOnnx(PathOfModel, _beside);
            }
            catch (Exception error)
            {
                failures.Enqueue(error);
            }
        }))];

        foreach (Thread thread in threads) thread.Start();
        foreach (Thread thread in threads) thread.Join();

        Assert.IsEmpty(failures, string.Join('\n', failures));
    }

    /// <summary>Reads model and values again and again; a model finds as many values as it names, or none.</summary>
    private void ReadUntil(CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            TensorProto keys = KeysOf(PathOfModel);
            var data = new FileInfo(Path.Combine(_folder, Entry(keys, "location")));
            if (data.Exists) Assert.AreEqual(Entry(keys, "length"), $"{data.Length}");
        }
    }

    private static string LocationOf(string path) => Entry(KeysOf(path), "location");

    private static TensorProto KeysOf(string path)
        => ModelProto.Parser.ParseFrom(File.ReadAllBytes(path)).Graph.Initializer
            .Single(tensor => tensor.DataLocation == TensorProto.Types.DataLocation.External);

    private static string Entry(TensorProto tensor, string key)
        => tensor.ExternalData.Single(entry => entry.Key == key).Value;

    private string[] OtherFiles()
        => [.. Directory.GetFiles(_folder).Select(path => Path.GetFileName(path)).Where(name => name != "memory.onnx")];

    private VisualMemoryTransformer Fit(int count)
        => _mlContext.MulticlassClassification.Trainers
            .VisualMemory(new VisualMemoryOptions { NeighborCount = 5, NeighborColumns = NeighborColumns.Distances })
            .Fit(VectorRows.Keyed(_mlContext, VectorRows.Draw(count, Dimension, classCount: 3, seed: 1)));
}
