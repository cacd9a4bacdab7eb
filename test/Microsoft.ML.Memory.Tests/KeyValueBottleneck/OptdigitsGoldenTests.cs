// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.ML.Memory.Tests.RealData;

namespace Microsoft.ML.Memory.Tests.KeyValueBottlenecks;

[TestClass]
public sealed class OptdigitsGoldenTests
{
    private const int Dimension = 64;
    private const int HeadCount = 64;
    private const int PairCount = 64;
    private const int KeyDimension = 8;
    private const int ClassCount = 10;

    [TestMethod]
    [DataRow("class-incremental, official step")]
    [DataRow("class-incremental, lr 300")]
    [DataRow("all classes at once, lr 300")]
    public void Learn_handwritten_digits_equals_reference(string name)
    {
        GoldenRun run = Runs().Single(each => each.Name == name);
        (float[] rows, int[] labels) = Optdigits.Train();
        (float[] testRows, int[] testLabels) = Optdigits.Test();
        KeyValueBottleneck model = Start(run.Options.Settings);
        for (int task = 0; task < run.CorrectAfterTask.Length; task++)
        {
            int[] own =
            [
                .. Enumerable.Range(0, labels.Length).Where(
                    row => run.CorrectAfterTask.Length == 1 || labels[row] / 2 == task),
            ];
            model = model.Learn(
                [.. own.SelectMany(row => rows[(row * Dimension)..((row + 1) * Dimension)])],
                Array.ConvertAll(own, row => labels[row]),
                ClassCount);

            int[] predicted = Predict(model, testRows);
            int correct = predicted.Zip(testLabels).Count(each => each.First == each.Second);
            bool isLast = task == run.CorrectAfterTask.Length - 1;
            Assert.AreEqual(run.CorrectAfterTask[task], correct, isLast ? 0 : 2, $"after task {task}");
            if (isLast) CollectionAssert.AreEqual(run.FinalLabelsFirst200, predicted[..200]);
        }

        if (name != "class-incremental, lr 300") return;
        float[] values = Floats("values");
        for (int place = 0; place < values.Length; place++)
            Assert.AreEqual(values[place], model.Table.Values[place], 1e-4 * Math.Max(1, Math.Abs(values[place])));
    }

    [TestMethod]
    public void Learn_task_after_task_keeps_what_a_linear_probe_forgets()
    {
        (float[] rows, int[] labels) = Optdigits.Train();
        (float[] testRows, int[] testLabels) = Optdigits.Test();
        KeyValueBottleneck model = Start(new BottleneckSettings { HeadCount = HeadCount, PairCount = PairCount });
        for (int task = 0; task < 5; task++)
        {
            int[] own = [.. Enumerable.Range(0, labels.Length).Where(row => labels[row] / 2 == task)];
            model = model.Learn(
                [.. own.SelectMany(row => rows[(row * Dimension)..((row + 1) * Dimension)])],
                Array.ConvertAll(own, row => labels[row]),
                2 * (task + 1));
        }

        int kept = Predict(model, testRows).Zip(testLabels).Count(each => each.First == each.Second);
        int probe = LinearProbe(rows, labels, testRows, testLabels);

        Assert.IsGreaterThan(testLabels.Length * 85 / 100, kept);
        Assert.IsLessThan(kept - (testLabels.Length * 60 / 100), probe);
    }

    [TestMethod]
    public void Find_frozen_keys_of_training_rows_equals_reference()
    {
        byte[] expected = File.ReadAllBytes(SharedFolder.PathOf("golden/memory/dkvb/optdigits.assignments.bin"));
        (float[] rows, _) = Optdigits.Train();
        BottleneckReader reader = Start(new BottleneckSettings
        {
            HeadCount = HeadCount,
            PairCount = PairCount,
            MaskUnusedPairs = false,
        }).CreateReader();

        reader.Read(rows.AsSpan(0, 200 * Dimension), new ParallelOptions());

        int different = Enumerable.Range(0, expected.Length).Count(
            place => reader.Pairs[place % HeadCount][place / HeadCount] != expected[place]);
        Assert.IsLessThanOrEqualTo(1, different, "a few keys are nearly as near as the nearest");
    }

    /// <summary>Counts what softmax regression has right after the same tasks, ten passes over each.</summary>
    private static int LinearProbe(float[] rows, int[] labels, float[] testRows, int[] testLabels)
    {
        float[] weights = new float[ClassCount * Dimension];
        double[] shares = new double[ClassCount];
        for (int task = 0; task < 5; task++)
        {
            for (int step = 0; step < 10 * labels.Length; step++)
            {
                int row = step % labels.Length;
                if (labels[row] / 2 != task) continue;
                ReadOnlySpan<float> digit = rows.AsSpan(row * Dimension, Dimension);
                Ask(weights, digit, shares);
                Softmax.Of(shares);
                for (int place = 0; place < weights.Length; place++)
                {
                    double error = shares[place / Dimension] - (place / Dimension == labels[row] ? 1 : 0);
                    weights[place] -= (float)(1e-3 * error * digit[place % Dimension]);
                }
            }
        }

        int correct = 0;
        for (int row = 0; row < testLabels.Length; row++)
        {
            Ask(weights, testRows.AsSpan(row * Dimension, Dimension), shares);
            if (Array.IndexOf(shares, shares.Max()) == testLabels[row]) correct++;
        }

        return correct;
    }

    private static void Ask(float[] weights, ReadOnlySpan<float> digit, double[] shares)
    {
        for (int label = 0; label < ClassCount; label++)
        {
            shares[label] = System.Numerics.Tensors.TensorPrimitives.Dot(
                digit, weights.AsSpan(label * Dimension, Dimension));
        }
    }

    private static KeyValueBottleneck Start(BottleneckSettings settings)
    {
        float[] projections = Floats("projection");
        float[] columns = new float[projections.Length];
        for (int place = 0; place < projections.Length; place++)
        {
            int head = place / (Dimension * KeyDimension);
            int input = place / KeyDimension % Dimension;
            columns[(((head * KeyDimension) + (place % KeyDimension)) * Dimension) + input] = projections[place];
        }

        return new KeyValueBottleneck(
            settings,
            HeadInputs.Restore(columns, Dimension, HeadCount, KeyDimension),
            Floats("keys"),
            new ValueTable(HeadCount, PairCount, 0),
            []);
    }

    private static int[] Predict(KeyValueBottleneck model, float[] rows)
    {
        float[] scores = new float[rows.Length / Dimension * ClassCount];
        model.Predict(rows, scores);
        return
        [
            .. Enumerable.Range(0, rows.Length / Dimension).Select(row =>
            {
                float[] own = scores[(row * ClassCount)..((row + 1) * ClassCount)];
                return Array.IndexOf(own, own.Max());
            }),
        ];
    }

    private static GoldenRun[] Runs()
        => JsonSerializer.Deserialize<GoldenDigits>(
            File.ReadAllBytes(
                SharedFolder.PathOf("golden/memory/dkvb/optdigits.json")), JsonSerializerOptions.Web)!.Runs;

    private static float[] Floats(string name)
        => MemoryMarshal.Cast<byte, float>(
            File.ReadAllBytes(SharedFolder.PathOf($"golden/memory/dkvb/optdigits.{name}.bin"))).ToArray();

    private sealed record GoldenDigits(GoldenRun[] Runs);

    private sealed record GoldenRun(
        string Name, GoldenRunOptions Options, int[] CorrectAfterTask, int[] FinalLabelsFirst200);

    private sealed record GoldenRunOptions(double Lr, double Ls, double? Clip, int Epochs)
    {
        public BottleneckSettings Settings => new()
        {
            HeadCount = HeadCount,
            PairCount = PairCount,
            LearningRate = Lr,
            LearningRateScale = LearningRateScale.Official,
            LabelSmoothing = Ls,
            GradientClip = Clip,
            Epochs = Epochs,
            Shuffle = false,
        };
    }
}
