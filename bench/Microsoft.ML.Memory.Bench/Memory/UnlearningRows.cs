// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Buffers.Binary;
using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using Microsoft.ML.Data;

namespace Microsoft.ML.Memory.Bench;

/// <summary>
/// Whether a visual memory that forgot 1,000 of 60,000 MNIST images is one that never had them, and what that costs.
/// </summary>
internal static class UnlearningRows
{
    private const int RemovedCount = 1000;
    private const int Repeats = 5;

    /// <summary>
    /// What depends on the entries alone; sequence numbers and counters depend on how many there once were, too.
    /// </summary>
    private static readonly string[] _sections =
        ["visualMemory", "classes", "ids", "labels", "weights", "origins", "keys"];

    public static void Run(BenchReport report)
    {
        if (DigitImages.Read("mnist", "train") is not { } train || DigitImages.Read("mnist", "t10k") is not { } test)
        {
            report.Note(
                "mnist was left out: the data folder is not here. Set MEMORY_ML_DATA to the folder that has it.");
            return;
        }

        var mlContext = new MLContext(seed: 0);
        long[] ids = Draw(train.Count);
        HashSet<long> removed = [.. ids];
        VisualMemoryTransformer before = Fit(mlContext, Rows(train));
        VisualMemoryTransformer fresh = Fit(mlContext, Rows(train).Where(row => !removed.Contains(row.Id)));
        IDataView queries = mlContext.Data.LoadFromEnumerable(Rows(test));
        string name = $"{RemovedCount} of {train.Count} images removed, {test.Count} asked about";

        Timing[] times = Timing.Alternate(Repeats, () => before.Remove(ids), () => before.Remove(ids[0]));
        report.Add(new Figure(name, "removal, 1,000 in one call", times[0].Median / RemovedCount * 1e6, "us/entry"));
        report.Add(new Figure(name, "removal, one in a call of its own", times[1].Median * 1e3, "ms/entry"));

        VisualMemoryTransformer after = before.Remove(ids);
        Answer[] expected = Ask(mlContext, fresh, queries);
        Answer[] actual = Ask(mlContext, after, queries);
        int same = expected.Zip(actual).Count(pair => pair.First.EqualsBitwise(pair.Second));
        AddShare(
            report, name, "rows with prediction, scores and neighbours of a fresh fit, bit for bit", same, test.Count);

        Dictionary<string, byte[]> freshFile = Sections(mlContext, fresh);
        Dictionary<string, byte[]> file = Sections(mlContext, after);
        int equal = _sections.Count(section => file[section].AsSpan().SequenceEqual(freshFile[section]));
        AddShare(report, name, "sections saved as a fresh fit saves them", equal, _sections.Length);

        long start = Stopwatch.GetTimestamp();
        ForgettingAudit audit = before.VerifyForgotten(after, ids, queries);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        AddShare(
            report, name, "checks of the audit passed", audit.Checks.Count(check => check.Passed), audit.Checks.Count);
        report.Add(new Figure(name, "audit", seconds, "s"));
        bool isCaught = !before.VerifyForgotten(
            before.Remove(ids[1..]), ids, mlContext.Data.TakeRows(queries, 100)).IsForgotten;
        AddShare(report, name, "audits that find the one entry left of 1,000", isCaught ? 1 : 0, 1);
        report.Note(
            $"Audit: {audit.ToTable().TrimEnd()}\nSections compared: {string.Join(", ", _sections)}. Left out: "
            + $"{string.Join(", ", file.Keys.Except(_sections))}, whose counters and sequence numbers go on from the "
            + "entries that were removed.");
    }

    private static void AddShare(BenchReport report, string name, string metric, int value, int all)
        => report.Add(new Figure(name, metric, value, $"of {all}")
        {
            Peer = "all",
            Ratio = (double)value / all,
            Floor = 1,
        });

    private static long[] Draw(int count)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        new SeededRandom(1).Shuffle(order);
        return [.. order.Take(RemovedCount).Select(row => (long)row)];
    }

    private static VisualMemoryTransformer Fit(MLContext mlContext, IEnumerable<Row> rows)
        => mlContext.MulticlassClassification.Trainers.VisualMemory(new VisualMemoryOptions
        {
            IdColumnName = "Id",
            NeighborCount = 10,
            NeighborColumns = NeighborColumns.All,
        }).Fit(mlContext.Data.LoadFromEnumerable(rows));

    private static Answer[] Ask(MLContext mlContext, VisualMemoryTransformer memory, IDataView queries)
        => [.. mlContext.Data.CreateEnumerable<Answer>(memory.Transform(queries), reuseRowObject: false)];

    private static IEnumerable<Row> Rows(DigitImages images)
    {
        for (int row = 0; row < images.Count; row++)
        {
            yield return new Row
            {
                Id = row,
                Label = (uint)images.Labels[row],
                Features = images.Pixels[(row * DigitImages.Dimension)..((row + 1) * DigitImages.Dimension)],
            };
        }
    }

    /// <summary>Gives the content of each section of the memory in a saved model.</summary>
    private static Dictionary<string, byte[]> Sections(MLContext mlContext, VisualMemoryTransformer memory)
    {
        const int HeaderBytes = 20;
        const int ChecksumBytes = sizeof(uint);
        using var file = new MemoryStream();
        mlContext.Model.Save(memory, null, file);
        using var archive = new ZipArchive(file, ZipArchiveMode.Read);
        using Stream stream = archive.Entries.Single(entry => entry.Name == "Memory").Open();
        using var content = new MemoryStream();
        stream.CopyTo(content);
        ReadOnlySpan<byte> left = content.GetBuffer().AsSpan(HeaderBytes, (int)content.Length - HeaderBytes);
        var sections = new Dictionary<string, byte[]>();
        while (BinaryPrimitives.ReadUInt16LittleEndian(left) is > 0 and ushort length)
        {
            string section = Encoding.ASCII.GetString(left.Slice(sizeof(ushort), length));
            left = left[(sizeof(ushort) + length)..];
            int bytes = (int)BinaryPrimitives.ReadInt64LittleEndian(left);
            left = left[(sizeof(long) + ChecksumBytes)..];
            sections.Add(section, left[..bytes].ToArray());
            left = left[bytes..];
        }

        return sections;
    }

    private sealed class Row
    {
        public long Id { get; set; }

        [KeyType(10)]
        public uint Label { get; set; }

        [VectorType(DigitImages.Dimension)]
        public float[] Features { get; set; } = [];
    }

    private sealed class Answer
    {
        public uint PredictedLabel { get; set; }

        public float[] Score { get; set; } = [];

        public long[] NeighborIds { get; set; } = [];

        public float[] NeighborDistances { get; set; } = [];

        public float[] NeighborWeights { get; set; } = [];

        public bool EqualsBitwise(Answer other)
            => PredictedLabel == other.PredictedLabel
                && Same(Score, other.Score)
                && NeighborIds.AsSpan().SequenceEqual(other.NeighborIds)
                && Same(NeighborDistances, other.NeighborDistances)
                && Same(NeighborWeights, other.NeighborWeights);

        private static bool Same(float[] left, float[] right)
            => left.Select(BitConverter.SingleToInt32Bits).SequenceEqual(right.Select(BitConverter.SingleToInt32Bits));
    }
}
