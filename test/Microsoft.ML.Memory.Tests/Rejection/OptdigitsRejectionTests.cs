// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Text.Json;
using Microsoft.ML.Memory.Tests.RealData;
using Microsoft.ML.Memory.Tests.Reliability;

namespace Microsoft.ML.Memory.Tests.Rejection;

/// <summary>Digits 0 to 7 remembered, 8 and 9 unknown, against an independent float64 reference.</summary>
[TestClass]
public sealed class OptdigitsRejectionTests
{
    private const double AurocTolerance = 5e-4;
    private const double ThresholdTolerance = 1e-5;
    private const double RelativeThreshold = 1e-4;
    private const double Temperature = 0.07;
    private const int KnownClasses = 8;

    [TestMethod]
    public void Every_score_equals_the_reference()
    {
        string path = SharedFolder.PathOf("golden/memory/voting/optdigits-rejection.json");
        JsonElement golden = JsonDocument.Parse(File.ReadAllBytes(path)).RootElement;
        Optdigits train = Optdigits.Train();
        BankSnapshot memory = train.Where(row => train.Labels[row] < KnownClasses).Memory();
        Optdigits test = Optdigits.Test();
        double[] medians = golden.GetProperty("medianLoo10PerClass").Deserialize<double[]>()!;
        float[] found = ClassMedians.Of(memory, 10, KnownClasses);
        for (int label = 0; label < KnownClasses; label++) Assert.AreEqual(medians[label], found[label], 1e-6);

        foreach (JsonProperty score in golden.GetProperty("scores").EnumerateObject())
        {
            (UnknownScoreKind kind, int k, IVote vote) = SettingOf(score.Name);
            double[] scores = Score(memory, test, kind, k, vote, found);
            AssertEqual(score.Value.Deserialize<GoldenScore>(JsonSerializerOptions.Web)!, scores, test, score.Name);
        }
    }

    private static void AssertEqual(GoldenScore golden, double[] scores, Optdigits test, string what)
    {
        double[] known = [.. scores.Where((_, row) => test.Labels[row] < KnownClasses)];
        double[] unknown = [.. scores.Where((_, row) => test.Labels[row] >= KnownClasses)];
        for (int row = 0; row < golden.First10.Length; row++)
        {
            double tolerance = Math.Max(1e-6, RelativeThreshold * golden.First10[row]);
            Assert.AreEqual(golden.First10[row], scores[row], tolerance, $"{what}, row {row}");
        }

        Assert.AreEqual(golden.Auroc, RejectionMeasures.Auroc(known, unknown), AurocTolerance, what);
        float threshold = KnownScores.Of(Array.ConvertAll(known, score => (float)score)).ThresholdOf(0.95);
        Assert.AreEqual(
            golden.Threshold95, threshold, Math.Max(ThresholdTolerance, RelativeThreshold * threshold), what);
        Assert.AreEqual(
            golden.UnknownAccepted, unknown.Count(score => (float)score <= threshold) / (double)unknown.Length, 5e-3,
            what);
    }

    private static double[] Score(
        BankSnapshot memory, Optdigits test, UnknownScoreKind kind, int k, IVote vote, float[] medians)
    {
        DigitVotes votes = DigitVotes.Cast(memory, test, k, vote);
        return [.. Enumerable.Range(0, test.Labels.Length).Select(row =>
        {
            double score = UnknownScore.Of(kind, votes.Distances[row], votes.Shares[row], Temperature);
            return kind == UnknownScoreKind.ClassNormalizedDistance
                ? UnknownScore.Normalize(score, medians[votes.Winners[row]])
                : score;
        })];
    }

    private static (UnknownScoreKind Kind, int K, IVote Vote) SettingOf(string name) => name switch
    {
        "d_1" => (UnknownScoreKind.NearestDistance, 10, new RankVote()),
        "d_10" => (UnknownScoreKind.KthDistance, 10, new RankVote()),
        "d_50" => (UnknownScoreKind.KthDistance, 50, new RankVote()),
        "meanDistance_10" => (UnknownScoreKind.MeanDistance, 10, new RankVote()),
        "1-maxP(rank,k10)" => (UnknownScoreKind.MaxProbability, 10, new RankVote()),
        "entropy(rank,k10)" => (UnknownScoreKind.VoteEntropy, 10, new RankVote()),
        "1-maxP(softmax,k10)" => (UnknownScoreKind.MaxProbability, 10, new SoftmaxVote()),
        "entropy(softmax,k10)" => (UnknownScoreKind.VoteEntropy, 10, new SoftmaxVote()),
        "softmax1Leftover(tau .07,k10)" => (UnknownScoreKind.SoftmaxLeftover, 10, new RankVote()),
        "d_10 / median d_10 of the predicted class" =>
            (UnknownScoreKind.ClassNormalizedDistance, 10, new RankVote()),
        _ => throw new InvalidDataException($"The score must be a known one. Got '{name}'."),
    };
}
