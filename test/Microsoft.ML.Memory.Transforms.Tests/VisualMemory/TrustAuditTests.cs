// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Transforms.Tests;

/// <summary>Forgetting and explaining with pruning, calibration, rejection and class maps on.</summary>
[TestClass]
public sealed class TrustAuditTests
{
    private readonly MLContext _mlContext = new(seed: 0);

    [TestMethod]
    public void Removed_entries_leave_nothing_behind_in_what_a_memory_knows_about_itself()
    {
        Point[] train = Points.Draw(80, seed: 1);
        IDataView probes = Points.View(_mlContext, Points.Draw(30, seed: 2));
        foreach (VisualMemoryOptions options in Trusting.EveryOption())
        {
            VisualMemoryTransformer memory = Points.FitMemory(_mlContext, train, options);

            ForgettingAudit audit = memory.VerifyForgotten(memory.Remove(5, 40), [5, 40], probes);

            Assert.IsTrue(audit.IsForgotten, $"{options.Rejection}: {audit}");
        }
    }

    [TestMethod]
    public void A_prediction_engine_says_what_a_pass_says()
    {
        Point[] test = Points.Draw(20, seed: 2);
        foreach (VisualMemoryOptions options in Trusting.EveryOption())
        {
            VisualMemoryTransformer memory = Points.FitMemory(_mlContext, Points.Draw(80, seed: 1), options);
            PredictionEngine<Point, RowPrediction> engine =
                _mlContext.Model.CreatePredictionEngine<Point, RowPrediction>(memory);

            TrustPrediction[] pass = Trusting.Predict(_mlContext, memory, test);

            for (int row = 0; row < test.Length; row++)
            {
                RowPrediction alone = engine.Predict(test[row]);
                CollectionAssert.AreEqual(pass[row].Score, alone.Score);
                Assert.AreEqual(pass[row].IsUnknown, alone.IsUnknown);
                Assert.AreEqual(pass[row].UnknownScore, alone.UnknownScore);
            }
        }
    }

    private sealed class RowPrediction
    {
        public float[] Score { get; set; } = [];

        public bool IsUnknown { get; set; }

        public float UnknownScore { get; set; }
    }
}
