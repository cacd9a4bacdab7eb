// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Tests.Golden;

namespace Microsoft.ML.Memory.Tests.AdaNpc;

[TestClass]
public sealed class TraceGoldenTests
{
    private static readonly GoldenTraces _golden = GoldenFiles.Json<GoldenTraces>("adanpc/traces.json");

    public static IEnumerable<object[]> Names => _golden.Traces.Select(trace => new object[] { trace.Name });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Adapt_stream_equals_reference_trace(string name)
    {
        GoldenTrace trace = _golden.Traces.Single(each => each.Name == name);
        var draws = new Queue<GoldenTraceRow>(trace.Rows.Where(row => row.Draw is not null));
        AdaptiveMemory memory = Start(trace.Settings, bound =>
        {
            GoldenTraceRow row = draws.Dequeue();
            Assert.AreEqual(row.DrawRange, bound);
            return row.Draw!.Value;
        });
        var predictions = new AdaptivePredictions();

        memory.Adapt([.. _golden.TestRows.SelectMany(row => row)], predictions);

        for (int row = 0; row < trace.Rows.Length; row++) AssertRow(trace, predictions, row);
        AssertMemory(trace.FinalMemory, memory.Snapshot(), ToleranceOf(trace));
        Assert.IsEmpty(draws);
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Adapt_call_by_call_equals_one_call(string name)
    {
        GoldenTrace trace = _golden.Traces.Single(each => each.Name == name);
        AdaptiveMemory whole = Start(trace.Settings, draw: null);
        AdaptiveMemory pieces = Start(trace.Settings, draw: null);
        float[] rows = [.. _golden.TestRows.SelectMany(row => row)];

        whole.Adapt(rows, new AdaptivePredictions());
        int step = trace.Options.Batch * 5;
        for (int first = 0; first < rows.Length; first += step)
            pieces.Adapt(rows.AsSpan(first, Math.Min(step, rows.Length - first)), new AdaptivePredictions());

        CollectionAssert.AreEqual(
            whole.Memory().Entries.Select(entry => entry.Id).ToArray(),
            pieces.Memory().Entries.Select(entry => entry.Id).ToArray());
    }

    private static AdaptiveMemory Start(AdaptationSettings settings, Func<long, long>? draw)
    {
        var bank = new MemoryBank(_golden.MemoryKeys[0].Length);
        bank.AddRange([.. _golden.MemoryKeys.SelectMany(key => key)], _golden.MemoryLabels);
        return new AdaptiveMemory(
            AdaptiveState.Start(bank.Snapshot(), _golden.Classes, seed: 1), settings, resumed: null, draw);
    }

    /// <summary>Distances are rounded to float, which a softmax at temperature tau magnifies by 1/tau.</summary>
    private static double ToleranceOf(GoldenTrace trace) => Approx.Float * Math.Max(1, 0.1 / trace.Options.Tau);

    private static void AssertRow(GoldenTrace trace, AdaptivePredictions predictions, int row)
    {
        GoldenTraceRow expected = trace.Rows[row];
        double tolerance = ToleranceOf(trace);
        string what = $"row {row}";
        CollectionAssert.AreEqual(expected.Neighbours, predictions.NeighborIdsOf(row).ToArray(), what);
        double[] similarities = [.. predictions.NeighborDistancesOf(row).ToArray().Select(distance => 1.0 - distance)];
        Approx.AssertEqual(expected.Similarities, similarities, Approx.Float, what);
        Approx.AssertEqual(expected.P, predictions.SharesOf(row).ToArray(), tolerance, what);
        Assert.AreEqual(expected.Label, predictions.LabelOf(row), what);
        Assert.AreEqual(expected.Confidence, predictions.ConfidenceOf(row), tolerance, what);
        Assert.AreEqual(expected.AddedId, predictions.AddedIdOf(row), what);
        Assert.AreEqual(expected.EvictedId, predictions.EvictedIdOf(row), what);
    }

    private static void AssertMemory(GoldenTraceMemory expected, AdaptiveState state, double tolerance)
    {
        Entry[] entries = [.. state.Memory.Entries];
        CollectionAssert.AreEqual(expected.Ids, entries.Select(entry => entry.Id).ToArray());
        CollectionAssert.AreEqual(expected.Labels, entries.Select(entry => entry.Label).ToArray());
        Assert.AreEqual(
            expected.Origins,
            string.Concat(entries.Select(entry => entry.Origin == EntryOrigin.Source ? 'S' : 'A')));
        double[] confidences =
        [
            .. expected.Origins.Zip(expected.Confidences).Where(each => each.First == 'A').Select(each => each.Second),
        ];
        Approx.AssertEqual(
            confidences, [.. state.Notes.Select(note => note.Confidence)], tolerance, "confidences");
    }
}
