// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Host.Behaviour.Tests.OnnxRuntime;

/// <summary>What goes in and what comes out.</summary>
[TestClass]
public sealed class RunTests : OnnxRuntimeTests
{
    private static readonly string[] _x = ["x"];

    [TestMethod]
    [DataRow(1)]
    [DataRow(4)]
    public void Run_any_batch_gives_products_and_the_best_of_each_row(int batch)
    {
        float[] x = [.. Enumerable.Range(0, batch).SelectMany(i => new float[] { 1, i, 1 })];
        using var session = new InferenceSession(Ranker());
        using var options = new RunOptions();
        using var input = OrtValue.CreateTensorValueFromMemory(x, [batch, 3]);

        using var results = session.Run(
            options, new Dictionary<string, OrtValue> { ["x"] = input }, session.OutputNames);

        Assert.HasCount(3, results);
        CollectionAssert.AreEqual(
            Enumerable.Range(0, batch).SelectMany(i => new[] { 1 + 2f * i, 3 + 0.5f * i }).ToArray(),
            results[0].GetTensorDataAsSpan<float>().ToArray());
        CollectionAssert.AreEqual(
            Enumerable.Range(0, batch).Select(i => Math.Max(1 + 2f * i, 3 + 0.5f * i)).ToArray(),
            results[1].GetTensorDataAsSpan<float>().ToArray());
        CollectionAssert.AreEqual(
            Enumerable.Range(0, batch).Select(i => i < 2 ? 1L : 0L).ToArray(),
            results[2].GetTensorDataAsSpan<long>().ToArray());
        CollectionAssert.AreEqual(new long[] { batch, 2 }, results[0].GetTensorTypeAndShape().Shape);
    }

    [TestMethod]
    public void Run_gives_the_outputs_asked_for_in_that_order()
    {
        using var session = new InferenceSession(Ranker());
        using var options = new RunOptions();
        using var input = OrtValue.CreateTensorValueFromMemory(new float[] { 1, 2, 3 }, [1, 3]);

        using var results = session.Run(options, _x, [input], ["place", "scores"]);

        Assert.AreEqual(1L, results[0].GetTensorDataAsSpan<long>()[0]);
        Assert.AreEqual(12f, results[1].GetTensorDataAsSpan<float>()[1]);
    }

    [TestMethod]
    public void Run_fills_memory_of_the_caller()
    {
        using var session = new InferenceSession(Ranker());
        using var options = new RunOptions();
        float[] x = [1, 2, 3];
        float[] scores = new float[2];
        using var input = OrtValue.CreateTensorValueFromMemory(x, [1, 3]);
        using var output = OrtValue.CreateTensorValueFromMemory(scores, [1, 2]);

        session.Run(options, _x, [input], ["scores"], [output]);
        float[] first = [.. scores];
        x[0] = 2;
        session.Run(options, _x, [input], ["scores"], [output]);

        CollectionAssert.AreEqual(new float[] { 5, 12 }, first);
        CollectionAssert.AreEqual(new float[] { 6, 11 }, scores);
    }

    [TestMethod]
    public void Run_a_part_of_longer_memory_is_read_from_its_start()
    {
        using var session = new InferenceSession(Ranker());
        using var options = new RunOptions();
        using var input = OrtValue.CreateTensorValueFromMemory(
            OrtMemoryInfo.DefaultInstance, new float[] { 9, 9, 1, 2, 3, 9 }.AsMemory(2, 3), [1, 3]);

        using var results = session.Run(options, _x, [input], ["scores"]);

        CollectionAssert.AreEqual(new float[] { 5, 12 }, results[0].GetTensorDataAsSpan<float>().ToArray());
    }

    [TestMethod]
    public void Run_memory_stays_in_place_while_the_collector_moves_the_rest()
    {
        using var session = new InferenceSession(Ranker());
        using var options = new RunOptions();
        var inputs = Enumerable.Range(0, 200)
            .Select(i => OrtValue.CreateTensorValueFromMemory(new float[] { i, 0, 0 }, [1, 3])).ToArray();

        for (int i = 0; i < 3; i++)
            GC.Collect(2, GCCollectionMode.Forced, true, true);

        for (int i = 0; i < inputs.Length; i++)
        {
            using var results = session.Run(options, _x, [inputs[i]], ["scores"]);
            Assert.AreEqual(i, results[0].GetTensorDataAsSpan<float>()[0]);
            inputs[i].Dispose();
        }
    }

    [TestMethod]
    public void Run_more_inputs_than_lie_on_the_stack()
    {
        string[] names = [.. Enumerable.Range(0, 70).Select(i => "in" + i)];
        var model = new TinyModel().Output("sum", TensorElementType.Float, 1).Node("Sum", names, ["sum"]);
        foreach (string name in names)
            model.Input(name, TensorElementType.Float, 1);
        using var session = new InferenceSession(model.ToBytes());
        using var options = new RunOptions();
        OrtValue[] values = [.. names.Select((_, i) => OrtValue.CreateTensorValueFromMemory(new float[] { i }, [1]))];

        using var results = session.Run(options, names, values, ["sum"]);

        Assert.AreEqual(69f * 70 / 2, results[0].GetTensorDataAsSpan<float>()[0]);
        Array.ForEach(values, v => v.Dispose());
    }

    [TestMethod]
    public void Run_an_allocated_tensor_is_filled_and_read()
    {
        using var session = new InferenceSession(Same(TensorElementType.Int64, 2));
        using var options = new RunOptions();
        using var input = OrtValue.CreateAllocatedTensorValue(
            OrtAllocator.DefaultInstance, TensorElementType.Int64, [2]);
        input.GetTensorMutableDataAsSpan<long>()[0] = long.MinValue;
        input.GetTensorMutableDataAsSpan<long>()[1] = long.MaxValue;

        using var results = session.Run(options, _x, [input], ["y"]);

        CollectionAssert.AreEqual(
            new[] { long.MinValue, long.MaxValue }, results[0].GetTensorDataAsSpan<long>().ToArray());
    }

    [TestMethod]
    public void Run_without_rows_gives_no_rows()
    {
        // Never with TopK in the graph: the native library divides by the number of rows and ends the process.
        using var session = new InferenceSession(new TinyModel()
            .Input("x", TensorElementType.Float, "batch", 3)
            .Output("scores", TensorElementType.Float, "batch", 2)
            .Weights("w", [3, 2], 1f, -1f, 2f, 0.5f, 0f, 4f)
            .Node("MatMul", ["x", "w"], ["scores"])
            .ToBytes());
        using var options = new RunOptions();
        using var input = OrtValue.CreateTensorValueFromMemory(Array.Empty<float>(), [0, 3]);

        using var results = session.Run(options, _x, [input], ["scores"]);

        Assert.AreEqual(0, results[0].GetTensorDataAsSpan<float>().Length);
        CollectionAssert.AreEqual(new long[] { 0, 2 }, results[0].GetTensorTypeAndShape().Shape);
    }

    [TestMethod]
    public void Run_from_eight_threads_gives_each_its_own_result()
    {
        using var session = new InferenceSession(Ranker());
        using var options = new RunOptions();
        int wrong = 0;

        var threads = Enumerable.Range(0, 8).Select(t => new Thread(() =>
        {
            for (int i = 0; i < 200; i++)
            {
                float value = t * 1000 + i;
                using var input = OrtValue.CreateTensorValueFromMemory(new[] { value, 0f, 0f }, [1, 3]);
                using var results = session.Run(options, _x, [input], ["scores"]);
                if (results[0].GetTensorDataAsSpan<float>()[1] != -value)
                    Interlocked.Increment(ref wrong);
            }
        })).ToArray();
        Array.ForEach(threads, t => t.Start());
        Array.ForEach(threads, t => t.Join());

        Assert.AreEqual(0, wrong);
    }
}
