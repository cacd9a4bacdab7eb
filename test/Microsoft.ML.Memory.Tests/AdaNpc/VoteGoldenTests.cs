// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Tests.Golden;

namespace Microsoft.ML.Memory.Tests.AdaNpc;

[TestClass]
public sealed class VoteGoldenTests
{
    private static readonly GoldenAdaVote _golden = GoldenFiles.Json<GoldenAdaVote>("adanpc/vote.json");

    [TestMethod]
    public void T2_1_shares_and_double_softmax_of_three_neighbours()
    {
        GoldenHandVote hand = _golden.Hand;
        AdaptiveMemory memory = OfSimilarities(hand.Sims, hand.Labels, new() { NeighborCount = 3 });
        var predictions = new AdaptivePredictions();

        memory.Predict([1, 0], predictions);

        Approx.AssertEqual(hand.P, predictions.SharesOf(0).ToArray(), Approx.Float, "shares");
        Assert.AreEqual(
            hand.DoubleSoftmax,
            SimilarityVote.DoubleSoftmax(predictions.SharesOf(0), 1e-5),
            Approx.Float);
    }

    [TestMethod]
    [DataRow(1e-4, 1.0, 0.0)]
    [DataRow(1e6, 1.0 / 3, 2.0 / 3)]
    public void T2_2_temperature_leads_from_the_nearest_to_plurality(double temperature, double first, double second)
    {
        AdaptiveMemory memory = OfSimilarities(
            [0.9, 0.8, 0.7], [0, 1, 1], new() { NeighborCount = 3, Temperature = temperature });
        var predictions = new AdaptivePredictions();

        memory.Predict([1, 0], predictions);

        Approx.AssertEqual([first, second], predictions.SharesOf(0).ToArray(), Approx.Float, "shares");
    }

    [TestMethod]
    public void T2_6_neighbour_loss_and_gradient_equal_reference()
    {
        GoldenTrainingLoss golden = _golden.TrainingLoss;
        int d = golden.Features[0].Length;
        var queue = new FeatureQueue(golden.QueueKeys.Length, d);
        queue.Add([.. golden.QueueKeys.SelectMany(key => key)], golden.QueueLabels);
        float[] gradient = new float[golden.Features.Length * d];

        double loss = NeighborLoss.Evaluate(
            queue, [.. golden.Features.SelectMany(row => row)], golden.Labels, golden.K, golden.Tau, gradient);

        Assert.AreEqual(golden.Loss, loss, Approx.Float);
        Approx.AssertEqual(
            [.. golden.Gradient.SelectMany(row => row)],
            Array.ConvertAll(gradient, value => (double)value),
            Approx.Float,
            "gradient");
    }

    [TestMethod]
    public void T2_7_temperature_falls_to_its_end_and_stays()
    {
        var schedule = new AnnealedTemperature();

        double[] temperatures = Array.ConvertAll(_golden.Schedule.T, schedule.At);

        Approx.AssertEqual(_golden.Schedule.Tau, temperatures, Approx.Reference, "temperature");
    }

    [TestMethod]
    public void Double_softmax_lies_between_its_reference_ends()
    {
        for (int index = 0; index < _golden.DoubleSoftmaxRange.C.Length; index++)
        {
            int classes = _golden.DoubleSoftmaxRange.C[index];
            double[] sure = new double[classes];
            sure[0] = 1;
            double[] even = new double[classes];
            Array.Fill(even, 1.0 / classes);

            Assert.AreEqual(_golden.DoubleSoftmaxRange.High[index], SimilarityVote.DoubleSoftmax(sure, 0), 1e-9);
            Assert.AreEqual(_golden.DoubleSoftmaxRange.Low[index], SimilarityVote.DoubleSoftmax(even, 0), 1e-9);
        }
    }

    [TestMethod]
    public void Queue_overwrites_the_oldest_and_hides_unwritten_slots()
    {
        var queue = new FeatureQueue(_golden.RingBuffer.Size, 1);
        int written = 0;
        foreach (GoldenRingStep step in _golden.RingBuffer.Steps)
        {
            int[] numbers = [.. Enumerable.Range(written, step.Batch)];
            written += step.Batch;

            queue.Add(new float[step.Batch], numbers);

            Assert.AreEqual(step.Next, queue.Next);
            CollectionAssert.AreEqual(
                step.Slots.Where(slot => slot is not null).Select(slot => slot!.Value).ToArray(),
                Enumerable.Range(0, queue.Count).Select(queue.LabelAt).ToArray());
        }
    }

    private static AdaptiveMemory OfSimilarities(double[] similarities, int[] labels, AdaptationSettings settings)
    {
        var bank = new MemoryBank(2);
        for (int index = 0; index < labels.Length; index++)
        {
            double similarity = similarities[index];
            bank.Add([(float)similarity, (float)Math.Sqrt(1 - (similarity * similarity))], labels[index]);
        }

        return new AdaptiveMemory(bank.Snapshot(), labels.Max() + 1, settings);
    }
}
