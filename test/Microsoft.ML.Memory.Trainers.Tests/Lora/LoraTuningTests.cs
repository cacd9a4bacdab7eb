// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Trainers.Tests.Golden;
using Microsoft.ML.Memory.Trainers.Tests.Tuning;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Memory.Trainers.Tests.Lora;

[TestClass]
public sealed class LoraTuningTests
{
    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    public void Train_change_of_a_weight_has_at_most_the_rank(int rank)
    {
        TorchTests.Require();
        using var tiny = new TinyModel(new LoraOptions { Rank = rank });
        tiny.Train(5);
        using IDisposable frozen = no_grad();
        using var scope = NewDisposeScope();

        foreach ((string layer, LowRankTerm[] terms) in ((LoraTuning)tiny.Model.Tuning).Terms)
            Assert.AreEqual(rank, RankOf(TensorData.ToArray(terms[0].Delta()), 32), layer);
    }

    [TestMethod]
    public void Delta_is_linear_in_alpha_and_follows_the_patterns()
    {
        TorchTests.Require();
        float[] Delta(LoraOptions options)
        {
            using var tiny = new TinyModel(options);
            tiny.Disturb();
            using IDisposable frozen = no_grad();
            using var scope = NewDisposeScope();
            return TensorData.ToArray(((LoraTuning)tiny.Model.Tuning).Terms.First().Value[0].Delta());
        }

        float[] one = Delta(new LoraOptions { Rank = 4, Alpha = 1 });
        void IsTimes(float factor, LoraOptions options) => GoldenTensors.AssertClose(
            [.. one.Select(v => factor * v)], Delta(options), 1e-6, $"{factor} times");

        IsTimes(3, new LoraOptions { Rank = 4, Alpha = 3 });
        IsTimes(6, new LoraOptions { Rank = 4, Alpha = 3, RankStabilized = true });
        IsTimes(5, new LoraOptions { Rank = 4, Alpha = 1, AlphaPattern = [KeyValuePair.Create("query", 5.0)] });
        IsTimes(5, new LoraOptions { Rank = 9, Alpha = 5, RankPattern = [KeyValuePair.Create("query", 4)] });
    }

    [TestMethod]
    public void Create_layers_and_biases_are_those_asked_for()
    {
        TorchTests.Require();
        string[] Names(LoraOptions options)
        {
            using var tiny = new TinyModel(options);
            return [.. tiny.Model.Tuning.Tensors.Select(t => t.Name)];
        }

        const string query = "encoder.layer.2.attention.attention.query";
        var one = new LoraOptions { TargetModules = ["query"], Layers = [2] };
        string[] terms = [query + ".lora_A.weight", query + ".lora_B.weight"];
        CollectionAssert.AreEqual(terms, Names(one));
        CollectionAssert.AreEqual(
            terms.Append(query + ".bias").ToArray(), Names(one with { Bias = LoraBiasKind.LoraOnly }));
        Assert.HasCount(2 + (4 * 8) + 2, Names(one with { Bias = LoraBiasKind.All }));
        CollectionAssert.AreEqual(
            terms.Concat(["layernorm.weight", "layernorm.bias"]).ToArray(),
            Names(one with { ModulesToSave = ["layernorm"] }));
        Assert.HasCount(2 * 6 * 4, Names(new LoraOptions { TargetModules = ["all-linear"] }));
    }

    [TestMethod]
    public void Logits_dropout_touches_the_low_rank_path_alone()
    {
        TorchTests.Require();
        using var tiny = new TinyModel(new LoraOptions { Rank = 2, Dropout = 0.5 });
        using var generator = new Generator(1);
        var dropping = new ForwardPass { Dropout = generator };

        CollectionAssert.AreEqual(tiny.FrozenLogits(), tiny.Logits(dropping), "B is 0");
        tiny.Disturb();
        CollectionAssert.AreNotEqual(tiny.Logits(), tiny.Logits(dropping));
    }

    // Gaussian elimination with full pivoting, in double precision.
    private static int RankOf(float[] values, int width)
    {
        double[][] rows = [.. values.Select(v => (double)v).Chunk(width)];
        double largest = values.Max(MathF.Abs);
        for (int rank = 0; ; rank++)
        {
            var (row, column) = (from i in Enumerable.Range(0, rows.Length)
                                 from j in Enumerable.Range(0, width)
                                 select (Row: i, Column: j)).MaxBy(p => Math.Abs(rows[p.Row][p.Column]));
            double pivot = rows[row][column];
            if (Math.Abs(pivot) < 1e-5 * largest) return rank;
            double[] taken = [.. rows[row]];
            foreach (double[] other in rows)
            {
                double factor = other[column] / pivot;
                for (int j = 0; j < width; j++) other[j] -= factor * taken[j];
            }
        }
    }
}
