// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

public sealed partial class KeyValueBottleneck
{
    private const long KeyStream = 0x4B657973;
    private const long OrderStream = 0x4F726472;

    /// <summary>Learns keys from unlabelled rows and freezes them; there is no class yet.</summary>
    /// <remarks>
    /// Cost: KeyEpochs passes of n · heads · pairs · k multiply-adds, on all cores; the same bits whatever their
    /// number.
    /// </remarks>
    /// <param name="rows">[n, d], row-major, finite; not necessarily the rows that are learned later.</param>
    /// <param name="dimension">d, in [1, 2^20].</param>
    /// <param name="settings">Null means the defaults.</param>
    /// <exception cref="ArgumentException">A setting or length does not fit, or a value is not finite.</exception>
    public static KeyValueBottleneck LearnKeys(
        ReadOnlySpan<float> rows, int dimension, BottleneckSettings? settings = null)
    {
        settings ??= new BottleneckSettings();
        var violations = new OptionViolations(settings.GetType().Name);
        settings.Validate(violations);
        violations.ThrowIfAny();
        Check.Dimension(dimension);
        if (rows.IsEmpty || rows.Length % dimension != 0)
            throw new ArgumentException(
                $"rows must be [n, {dimension}] with n at least 1. Got {rows.Length} values.", nameof(rows));
        Check.Finite(rows, dimension, nameof(rows));

        int k = settings.KeyDimensionFor(dimension);
        CheckSize("keys", (Int128)settings.HeadCount * settings.PairCount * k, "fewer heads or pairs");
        CheckSize("projections", (Int128)settings.HeadCount * k * dimension, "fewer heads or a smaller key dimension");
        HeadInputs inputs = HeadInputs.Create(settings, dimension);
        float[] normalized = new float[rows.Length];
        BottleneckReader.Normalize(rows, normalized, dimension, settings);
        float[] keys = new float[(long)settings.HeadCount * settings.PairCount * inputs.KeyDimension];
        Parallel.For(0, settings.HeadCount, AllThreads, head => LearnKeys(inputs, settings, head, normalized, keys));
        return new KeyValueBottleneck(
            settings, inputs, keys, new ValueTable(settings.HeadCount, settings.PairCount, 0), []);
    }

    /// <summary>Learns labelled rows, of known or new classes; values of pairs that they do not fetch stay.</summary>
    /// <remarks>Cost: one search of all keys for each row, then Epochs · n · heads · c multiply-adds.</remarks>
    /// <param name="rows">[n, d], row-major, finite, n at least 1.</param>
    /// <param name="labels">[n] classes, in [0, c).</param>
    /// <param name="classCount">Classes c from now on, at least as many as before.</param>
    /// <returns>A new bottleneck; this one stays as it is.</returns>
    /// <exception cref="ArgumentException">A length does not fit, or a value is out of its range.</exception>
    public KeyValueBottleneck Learn(ReadOnlySpan<float> rows, ReadOnlySpan<int> labels, int classCount)
    {
        Check.AtLeast(classCount, Math.Max(1, ClassCount), "KeyValueBottleneck's classCount");
        Check.Length(rows.Length, (long)labels.Length * Dimension, nameof(rows), $"[{labels.Length}, {Dimension}]");
        if (labels.IsEmpty) throw new ArgumentException("labels must not be empty. Got none.", nameof(labels));
        Check.Finite(rows, Dimension, nameof(rows));
        for (int row = 0; row < labels.Length; row++)
        {
            if ((uint)labels[row] >= (uint)classCount)
                throw new ArgumentException(
                    $"labels must be in [0, {classCount}). Got {labels[row]} in row {row}.", nameof(labels));
        }

        CheckSize("values", (Int128)HeadCount * PairCount * classCount, "fewer heads or pairs");

        // Training sees all keys, used or not: a mask would keep new ones from ever being used.
        var reader = new BottleneckReader(_inputs, SearchKeys(isMasked: false), Settings);
        reader.Read(rows, AllThreads);
        ValueTable table = _table.Copy(classCount);
        var trainer = new ValueTrainer(
            Settings, table, reader.Pairs, labels.ToArray(), AllThreads.MaxDegreeOfParallelism);
        if (Settings.ValueStart == ValueStart.ClassLogOdds) trainer.StartAtLogOdds();
        trainer.Train(new SeededRandom(Settings.Seed ^ OrderStream ^ _classRows.Sum()));

        long[] classRows = new long[classCount];
        _classRows.CopyTo(classRows, 0);
        foreach (int label in labels) classRows[label]++;
        return new KeyValueBottleneck(Settings, _inputs, _keys, table, classRows);
    }

    private static void CheckSize(string what, Int128 count, string remedy)
    {
        if (count > Array.MaxLength)
        {
            throw new ArgumentException(
                $"KeyValueBottleneck's {what} must be at most {Array.MaxLength} numbers. Got {count}. Take {remedy}.");
        }
    }

    private static void LearnKeys(
        HeadInputs inputs, BottleneckSettings settings, int head, float[] rows, float[] keys)
    {
        int k = inputs.KeyDimension;
        int count = rows.Length / inputs.Dimension;
        var random = new SeededRandom(settings.Seed ^ KeyStream ^ ((long)head << 32));
        float[] headKeys = new float[settings.PairCount * k];
        foreach (ref float value in headKeys.AsSpan()) value = (float)random.NextGaussian();
        float[] headInputs = new float[count * k];
        inputs.Compute(head, rows, headInputs);

        var learner = new KeyLearner(settings, headKeys, k, (_, bound) => random.Next(bound));
        int[] order = [.. Enumerable.Range(0, count)];
        float[] batch = new float[Math.Min(settings.BatchSize, count) * k];
        for (int epoch = 0; epoch < settings.KeyEpochs; epoch++)
        {
            if (settings.Shuffle) random.Shuffle(order.AsSpan());
            for (int first = 0; first < count; first += settings.BatchSize)
            {
                int rowCount = Math.Min(settings.BatchSize, count - first);
                for (int row = 0; row < rowCount; row++)
                    headInputs.AsSpan(order[first + row] * k, k).CopyTo(batch.AsSpan(row * k, k));
                learner.Step(batch.AsSpan(0, rowCount * k));
            }
        }

        headKeys.CopyTo(keys, head * headKeys.Length);
    }
}
