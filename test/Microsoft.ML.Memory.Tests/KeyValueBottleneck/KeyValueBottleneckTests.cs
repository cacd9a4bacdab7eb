// Licensed under the MIT License. See LICENSE in the project root for license information.

using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Memory.Tests.AdaNpc;

namespace Microsoft.ML.Memory.Tests.KeyValueBottlenecks;

[TestClass]
public sealed class KeyValueBottleneckTests
{
    private static readonly BottleneckSettings _small = new()
    {
        HeadCount = 6,
        PairCount = 10,
        KeyDimension = 3,
        BatchSize = 16,
        Epochs = 5,
    };

    [TestMethod]
    public void Learned_rows_are_predicted_far_better_than_by_chance()
    {
        KeyValueBottleneck model = Learn(Keys(_small), 90, seed: 2);
        float[] rows = Streams.Rows(90, seed: 3, drift: 0);

        int[] predicted = Predict(model, rows);

        Assert.IsGreaterThan(70, predicted.Zip(Streams.Labels(90)).Count(each => each.First == each.Second));
    }

    [TestMethod]
    public void No_rows_give_no_scores() => CollectionAssert.AreEqual(
        Array.Empty<float>(), Scores(Learn(Keys(_small), 30, seed: 2), []));

    [TestMethod]
    public void T3_3_training_changes_nothing_but_the_pairs_it_fetches()
    {
        Config config = Config.QuickThrowOnFailure.WithMaxTest(60).WithReplay(20_261_121, 11);
        Arbitrary<int> seeds = Gen.Choose(0, int.MaxValue - 1).ToArbitrary();

        FsCheck.Check.One(config, Prop.ForAll(seeds, ChangesFetchedPairsOnly));
    }

    [TestMethod]
    public void T3_3_predictions_of_rows_with_other_pairs_stay_bit_for_bit()
    {
        // One head with a key in each corner of a square, taken as it is.
        BottleneckSettings settings = _small with
        {
            HeadCount = 1,
            PairCount = 4,
            KeyDimension = 2,
            NormalizeFeatures = false,
        };
        var model = new KeyValueBottleneck(
            settings,
            HeadInputs.Project([1, 0, 0, 1], 2, 1, 2),
            [0, 0, 0, 1, 1, 0, 1, 1],
            new ValueTable(1, 4, 0),
            []);
        KeyValueBottleneck first = model.Learn([0.1f, 0, 0, 0.9f], [0, 1], 2);
        KeyValueBottleneck second = first.Learn([1, 0.1f, 1, 0.9f], [1, 0], 2);
        float[] before = new float[4], after = new float[4];
        float[] rows = [0.1f, 0, 0, 0.9f];

        first.Predict(rows, before);
        second.Predict(rows, after);

        CollectionAssert.AreEqual(before, after);
        Assert.AreEqual(4, second.UsedPairCount);
    }

    [TestMethod]
    public void T3_7_keys_stay_whatever_is_learned()
    {
        KeyValueBottleneck keys = Keys(_small);
        float[] before = [.. keys.Keys];

        KeyValueBottleneck learned = Learn(Learn(keys, 30, seed: 2), 30, seed: 3);

        CollectionAssert.AreEqual(before, learned.Keys);
    }

    [TestMethod]
    public void T3_8_the_order_of_the_pairs_does_not_matter()
    {
        KeyValueBottleneck model = Learn(Keys(_small), 60, seed: 2);
        int k = model.KeyDimension;
        float[] keys = [.. model.Keys];
        var table = new ValueTable(6, 10, 3);
        for (int place = 0; place < 60; place++)
        {
            int other = (place / 10 * 10) + 9 - (place % 10);
            model.Keys.AsSpan(other * k, k).CopyTo(keys.AsSpan(place * k));
            model.Table.Values.AsSpan(other * 3, 3).CopyTo(table.Values.AsSpan(place * 3));
            table.Uses[place] = model.Table.Uses[other];
        }

        var turned = new KeyValueBottleneck(_small, model.Inputs, keys, table, model.ClassRows.ToArray());

        float[] rows = Streams.Rows(40, seed: 5, drift: 0.2);
        CollectionAssert.AreEqual(Scores(model, rows), Scores(turned, rows));
    }

    [TestMethod]
    public void Same_seed_gives_the_same_and_another_seed_does_not()
    {
        byte[] first = SavedBottleneck.Bytes(Learn(Keys(_small), 60, seed: 2));
        byte[] second = SavedBottleneck.Bytes(Learn(Keys(_small), 60, seed: 2));
        byte[] other = SavedBottleneck.Bytes(Learn(Keys(_small with { Seed = 1 }), 60, seed: 2));

        CollectionAssert.AreEqual(first, second);
        CollectionAssert.AreNotEqual(first, other);
    }

    [TestMethod]
    public void Thread_count_changes_no_bit()
    {
        float[] rows = Streams.Rows(64, seed: 2, drift: 0);
        int[] labels = Streams.Labels(64);
        ValueTable one = Train(threadCount: 1), two = Train(threadCount: 2);

        CollectionAssert.AreEqual(one.Values, two.Values);

        ValueTable Train(int threadCount)
        {
            KeyValueBottleneck keys = Keys(_small with { MaskUnusedPairs = false });
            var reader = keys.CreateReader();
            reader.Read(rows, new ParallelOptions { MaxDegreeOfParallelism = threadCount });
            var table = new ValueTable(6, 10, 3);
            new ValueTrainer(_small, table, reader.Pairs, labels, threadCount).Train(new SeededRandom(7));
            return table;
        }
    }

    [TestMethod]
    public void Class_log_odds_without_epochs_is_a_vote_of_the_pairs()
    {
        BottleneckSettings settings = _small with { ValueStart = ValueStart.ClassLogOdds, Epochs = 0 };
        KeyValueBottleneck model = Learn(Keys(settings), 90, seed: 2);
        float[] rows = Streams.Rows(90, seed: 3, drift: 0);

        int correct = Predict(model, rows).Zip(Streams.Labels(90)).Count(each => each.First == each.Second);

        Assert.IsGreaterThan(65, correct);
        for (int pair = 0; pair < 10; pair++)
        {
            if (model.UsesOf(0, pair) == 0) CollectionAssert.AreEqual(new float[3], model.ValuesOf(0, pair).ToArray());
        }
    }

    [TestMethod]
    public void New_classes_get_room_and_old_values_stay()
    {
        KeyValueBottleneck first = Learn(Keys(_small), 30, seed: 2);

        KeyValueBottleneck second = first.Learn(Streams.Rows(3, seed: 4, drift: 3), [3, 4, 3], 5);

        Assert.AreEqual(5, second.ClassCount);
        CollectionAssert.AreEqual(new long[] { 10, 10, 10, 2, 1 }, second.ClassRows.ToArray());
        Assert.AreEqual(3, first.ClassCount);
    }

    [TestMethod]
    public void New_classes_start_as_the_least_likely_known_one()
    {
        var table = new ValueTable(1, 2, 2, [0.5f, -0.25f, 0, 0], [3, 0]);

        CollectionAssert.AreEqual(new[] { 0.5f, -0.25f, -0.25f, 0, 0, 0 }, table.Copy(3).Values);
    }

    [TestMethod]
    public void Load_then_save_gives_the_same_bytes_and_predictions()
    {
        KeyValueBottleneck model = Learn(Keys(_small), 60, seed: 2);
        byte[] bytes = SavedBottleneck.Bytes(model);
        float[] rows = Streams.Rows(20, seed: 5, drift: 0);

        KeyValueBottleneck loaded = SavedBottleneck.Load(bytes);

        CollectionAssert.AreEqual(bytes, SavedBottleneck.Bytes(loaded));
        CollectionAssert.AreEqual(Scores(model, rows), Scores(loaded, rows));
        Assert.AreEqual(model.Settings, loaded.Settings);
    }

    [TestMethod]
    public void Load_any_bit_flipped_or_missing_is_refused()
    {
        byte[] bytes = SavedBottleneck.Bytes(
            Learn(Keys(_small with { HeadCount = 1, PairCount = 2, KeyDimension = 1 }), 6, seed: 2));
        for (int place = 0; place < bytes.Length; place++)
        {
            byte[] damaged = [.. bytes];
            damaged[place] ^= 0x10;

            Assert.ThrowsExactly<InvalidDataException>(() => SavedBottleneck.Load(damaged), $"byte {place}");
            Assert.ThrowsExactly<InvalidDataException>(() => SavedBottleneck.Load(bytes[..place]), $"{place} bytes");
        }
    }

    [TestMethod]
    public void Load_forged_content_with_right_checksums_is_refused()
    {
        KeyValueBottleneck good = Learn(Keys(_small), 30, seed: 2);

        AssertForged(
            new KeyValueBottleneck(_small with { HeadCount = 5 }, good.Inputs, good.Keys, good.Table, [1, 1, 1]),
            "'projections'",
            "must hold 60 values of 4 bytes. Got 288 bytes.");
        AssertForged(
            new KeyValueBottleneck(_small with { PairCount = 9 }, good.Inputs, good.Keys, good.Table, [1, 1, 1]),
            "'bottleneckKeys'",
            "must hold 162 values of 4 bytes. Got 720 bytes.");
        AssertForged(
            new KeyValueBottleneck(
                _small with { PairCount = int.MaxValue }, good.Inputs, good.Keys, good.Table, [1, 1, 1]),
            "'projections'",
            $"must announce arrays of at most {Array.MaxLength} values. Got {3L * 6 * int.MaxValue}.");
        AssertForged(
            new KeyValueBottleneck(_small, good.Inputs, [float.NaN, .. good.Keys[1..]], good.Table, [1, 1, 1]),
            "'bottleneckKeys'",
            "must be finite. Got NaN or infinity.");
        AssertForged(
            new KeyValueBottleneck(_small, good.Inputs, good.Keys, good.Table, [1, -1, 1]),
            "'classRows'",
            "must be at least 0. Got -1.");
        AssertForged(
            new KeyValueBottleneck(
                _small, good.Inputs, good.Keys, good.Table, [long.MaxValue, long.MaxValue, 1]),
            "'classRows'",
            $"must be at most {long.MaxValue / 2 / 3}. Got {long.MaxValue}.");
        long[] uses = [.. good.Table.Uses];
        uses[3] = -2;
        AssertForged(
            new KeyValueBottleneck(
                _small, good.Inputs, good.Keys, new ValueTable(6, 10, 3, good.Table.Values, uses), [1, 1, 1]),
            "'uses'",
            "must be at least 0. Got -2.");
    }

    [TestMethod]
    public void Settings_out_of_range_are_named_all_at_once()
        => Refusal.Assert<ArgumentException>(
            "BottleneckSettings.HeadCount must be at least 1. Got 0. "
            + "BottleneckSettings.PairCount must be at least 1. Got 0. "
            + "BottleneckSettings.KeyDimension must be at least 1. Got 0. "
            + "BottleneckSettings.KeyDecay must be above 0 and below 1. Got 1. "
            + "BottleneckSettings.KeyEpsilon must be finite and above 0. Got 0. "
            + "BottleneckSettings.DeadKeyFactor must be finite and at least 0. Got -1. "
            + "BottleneckSettings.KeyEpochs must be at least 0. Got -1. "
            + "BottleneckSettings.FetchCount must be in [1, 0]. Got 1. "
            + "BottleneckSettings.LearningRate must be finite and above 0. Got 0. "
            + "BottleneckSettings.LabelSmoothing must be at least 0 and below 1. Got 1. "
            + "BottleneckSettings.GradientClip must be null, or finite and above 0. Got 0. "
            + "BottleneckSettings.Epochs must be at least 1. Got 0. "
            + "BottleneckSettings.BatchSize must be at least 1. Got 0.",
            () => Keys(new BottleneckSettings
            {
                HeadCount = 0,
                PairCount = 0,
                KeyDimension = 0,
                KeyDecay = 1,
                KeyEpsilon = 0,
                DeadKeyFactor = -1,
                KeyEpochs = -1,
                LearningRate = 0,
                LabelSmoothing = 1,
                GradientClip = 0,
                Epochs = 0,
                BatchSize = 0,
            }));

    [TestMethod]
    public void Rows_and_labels_that_do_not_fit_are_refused()
    {
        KeyValueBottleneck keys = Keys(_small);

        Refusal.Assert<ArgumentException>(
            "rows must be [n, 4] with n at least 1. Got 0 values. (Parameter 'rows')",
            () => KeyValueBottleneck.LearnKeys([], 4, _small));
        Refusal.Assert<ArgumentException>(
            "rows must be finite. Got NaN or infinity in row 0. (Parameter 'rows')",
            () => KeyValueBottleneck.LearnKeys([float.NaN], 1, _small));
        Refusal.Assert<ArgumentException>(
            "dimension must be in [1, 1048576]. Got 1048577. (Parameter 'dimension')",
            () => KeyValueBottleneck.LearnKeys(
                new float[(1 << 20) + 1], (1 << 20) + 1, new() { HeadCount = 1, PairCount = 1, KeyDimension = 1 }));
        Refusal.Assert<ArgumentException>(
            "labels must not be empty. Got none. (Parameter 'labels')", () => keys.Learn([], [], 2));
        Refusal.Assert<ArgumentException>(
            "labels must be in [0, 2). Got 2 in row 0. (Parameter 'labels')", () => keys.Learn(new float[4], [2], 2));
        Refusal.Assert<ArgumentException>(
            "KeyValueBottleneck's classCount must be at least 3. Got 2. (Parameter 'classCount')",
            () => Learn(keys, 30, seed: 2).Learn(new float[4], [0], 2));
        Refusal.Assert<InvalidOperationException>(
            "KeyValueBottleneck must have learned. Got no class. Call Learn first.",
            () => keys.Predict(new float[4], []));
        Refusal.Assert<ArgumentException>(
            "scores must be [1, 3] = 3 values long. Got 2. (Parameter 'scores')",
            () => Learn(keys, 30, seed: 2).Predict(new float[4], new float[2]));
        Refusal.Assert<ArgumentException>(
            $"KeyValueBottleneck's keys must be at most {Array.MaxLength} numbers. Got 30000000000. "
            + "Take fewer heads or pairs.",
            () => Keys(_small with { HeadCount = 100_000, PairCount = 100_000 }));
    }

    private static bool ChangesFetchedPairsOnly(int seed)
    {
        var random = new SeededRandom(seed);
        BottleneckSettings settings = _small with
        {
            FetchCount = 1 + random.Next(3),
            MaskUnusedPairs = random.Next(2) == 0,
            Split = random.Next(2) == 0 ? HeadSplit.RandomProjection : HeadSplit.Chunk,
            HeadCount = 4,
            ValueStart = (ValueStart)random.Next(2),
        };
        KeyValueBottleneck first = Learn(Keys(settings), 3 + random.Next(40), random.Next(1000));
        KeyValueBottleneck second = Learn(first, 1 + random.Next(4), random.Next(1000));
        for (int head = 0; head < 4; head++)
        {
            for (int pair = 0; pair < 10; pair++)
            {
                if (second.UsesOf(head, pair) != first.UsesOf(head, pair)) continue;
                if (!second.ValuesOf(head, pair).SequenceEqual(first.ValuesOf(head, pair))) return false;
            }
        }

        return true;
    }

    private static void AssertForged(KeyValueBottleneck forged, string section, string message)
    {
        string actual = Assert.ThrowsExactly<InvalidDataException>(
            () => SavedBottleneck.Load(SavedBottleneck.Bytes(forged))).Message;

        StringAssert.StartsWith(actual, $"Section {section} of the memory file, at byte ");
        StringAssert.EndsWith(actual, ", " + message);
    }

    private static KeyValueBottleneck Keys(BottleneckSettings settings)
        => KeyValueBottleneck.LearnKeys(Streams.Rows(120, seed: 1, drift: 0), 4, settings);

    private static KeyValueBottleneck Learn(KeyValueBottleneck model, int count, int seed)
        => model.Learn(Streams.Rows(count, seed, drift: 0), Streams.Labels(count), 3);

    private static float[] Scores(KeyValueBottleneck model, float[] rows)
    {
        float[] scores = new float[rows.Length / 4 * model.ClassCount];
        model.Predict(rows, scores);
        return scores;
    }

    private static int[] Predict(KeyValueBottleneck model, float[] rows)
    {
        float[] scores = Scores(model, rows);
        return
        [
            .. scores.Chunk(model.ClassCount).Select(own => Array.IndexOf(own, own.Max())),
        ];
    }
}
