// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Tests.Golden;

namespace Microsoft.ML.Memory.Tests.KeyValueBottlenecks;

[TestClass]
public sealed class KeyLearnerTests
{
    private static readonly GoldenKeys _golden = GoldenFiles.Json<GoldenKeys>("dkvb/keys.json");

    public static IEnumerable<object[]> Names => _golden.Traces.Select(trace => new object[] { trace.Name });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Step_by_step_keys_equal_reference(string name)
    {
        GoldenKeyTrace trace = _golden.Traces.Single(each => each.Name == name);
        int batch = 0;
        var moved = new List<int>();
        var learner = new KeyLearner(
            trace.Options.Settings, GoldenBottleneck.Floats(_golden.Keys0), 2, (pair, _) =>
            {
                moved.Add(pair);
                return _golden.DrawnRow[batch][pair];
            });
        for (; batch < _golden.Batches.Length; batch++)
        {
            moved.Clear();

            learner.Step(GoldenBottleneck.Floats(_golden.Batches[batch]));

            GoldenKeyStep step = trace.Steps[batch];
            CollectionAssert.AreEqual(step.Expired, moved.ToArray(), $"batch {batch}");
            Approx.AssertEqual(step.N, learner.Counts.ToArray(), Approx.Reference, $"counts of batch {batch}");
            double[] expected = GoldenBottleneck.Doubles(step.Keys);
            for (int place = 0; place < expected.Length; place++)
            {
                // One rounding to single precision; keys that ran away are large.
                double tolerance = Approx.Float * Math.Max(1, Math.Abs(expected[place]));
                Assert.AreEqual(expected[place], learner.Keys[place], tolerance, $"batch {batch}, place {place}");
            }
        }
    }

    [TestMethod]
    [DataRow(KeyStart.Official, 10.5f)]
    [DataRow(KeyStart.Clean, 1f)]
    public void T3_4_first_average_is_biased_from_the_official_start_alone(KeyStart start, float expected)
    {
        var settings = new BottleneckSettings { KeyStart = start, DeadKeyFactor = 0 };
        var learner = new KeyLearner(settings, [2], 1, (_, _) => 0);

        learner.Step([1, 1, 1, 1]);

        Assert.AreEqual(expected, learner.Keys[0], 1e-5f);
    }

    [TestMethod]
    public void T3_5_a_key_below_its_part_of_an_even_share_moves()
    {
        // Factor 0.1, 256 rows and 4,096 keys: a share of 0.00625, so one row in the average, 0.05, is enough to stay.
        var settings = new BottleneckSettings { KeyStart = KeyStart.Official };
        float[] keys = new float[4096];
        for (int pair = 0; pair < keys.Length; pair++) keys[pair] = pair;
        int moved = 0;
        var learner = new KeyLearner(settings, keys, 1, (_, _) => moved++ * 0);
        float[] batch = [.. Enumerable.Range(0, 256).Select(row => (float)row)];

        learner.Step(batch);

        Assert.AreEqual(4096 - 256, moved);
    }

    private sealed record GoldenKeys(
        double[][] Keys0, double[][][] Batches, int[][] DrawnRow, GoldenKeyTrace[] Traces);

    private sealed record GoldenKeyTrace(string Name, GoldenKeyOptions Options, GoldenKeyStep[] Steps);

    private sealed record GoldenKeyStep(double[] N, int[] Expired, double[][] Keys);

    private sealed record GoldenKeyOptions(double Decay, double Eps, double Factor, string Start)
    {
        public BottleneckSettings Settings => new()
        {
            KeyDecay = Decay,
            KeyEpsilon = Eps,
            DeadKeyFactor = Factor,
            KeyStart = Start == "clean" ? KeyStart.Clean : KeyStart.Official,
        };
    }
}
