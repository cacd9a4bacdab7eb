// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Microsoft.ML.Memory;

/// <summary>Compares a memory that should have forgotten entries with one that never had them.</summary>
internal sealed class ForgettingAuditor
{
    private const int RebuiltRows = 1024;

    private readonly VisualMemoryTransformer _before;
    private readonly VisualMemoryTransformer _after;
    private readonly VisualMemoryTransformer _exact; // the memory, not a way through it
    private readonly Entry[] _removed;
    private readonly Entry[] _remaining;
    private readonly int[] _classes;
    private readonly List<AuditCheck> _checks = [];

    public ForgettingAuditor(
        VisualMemoryTransformer before, VisualMemoryTransformer after, HashSet<long> removed)
    {
        _before = before;
        _after = after;
        _exact = after.Exactly();
        ILookup<bool, Entry> entries = before.Model.Entries.ToLookup(entry => removed.Contains(entry.Id));
        _removed = [.. entries[true]];
        _remaining = [.. entries[false]];
        _classes = MapClasses(before.Levels.Leaves, after.Levels.Leaves);
    }

    public ForgettingAudit Run(IDataView probes)
    {
        CheckIds();
        Report("classes of the remaining entries", _remaining.Length, FindLostClass());
        Report("remaining entries", _remaining.Length, FindDifference(_after.Model));
        if (Array.Exists(_remaining, entry => _classes[entry.Label] < 0)) return Finish(0, 0, []);

        VisualMemoryTransformer rebuilt = Rebuild();
        var comparison = new ProbeComparison(_exact, rebuilt);
        comparison.Ask(probes);
        comparison.Ask(_before.Model, _removed);
        comparison.Report(_checks);
        (long scanned, List<long> indistinguishable) = CheckSaved(rebuilt);
        return Finish(comparison.Count, scanned, indistinguishable);
    }

    /// <summary>Gives the class of another table that has the same label value, or -1.</summary>
    private static int[] MapClasses(ClassTable from, ClassTable to)
    {
        var mapped = new int[from.Count];
        for (int index = 0; index < mapped.Length; index++)
        {
            if (from.Values is { } values) mapped[index] = to.TryFind(values[index], out int found) ? found : -1;
            else mapped[index] = to.Values is null && index < to.Count ? index : -1;
        }

        return mapped;
    }

    private ForgettingAudit Finish(long probes, long scanned, List<long> indistinguishable)
        => new(_removed.Length, _remaining.Length, probes, scanned, indistinguishable, _checks);

    private void Report(string name, long compared, string? finding)
        => _checks.Add(new AuditCheck(name, finding is null, compared, finding ?? ""));

    private void CheckIds()
    {
        long[] kept = [.. _removed.Where(entry => _after.Model.TryFind(entry.Id, out _)).Select(entry => entry.Id)];
        Report(
            "removed ids",
            _removed.Length,
            kept.Length == 0 ? null : $"{kept.Length} are still there, first {kept[0]}");
    }

    private string? FindLostClass()
    {
        int lost = Array.FindIndex(_remaining, entry => _classes[entry.Label] < 0);
        return lost < 0
            ? null
            : $"class {_before.Levels.Leaves.NameOf(_remaining[lost].Label)} of id {_remaining[lost].Id} is gone";
    }

    /// <summary>Gives the first way in which a memory is not the remaining entries.</summary>
    private string? FindDifference(BankSnapshot actual)
    {
        float[] expectedKey = new float[actual.Dimension];
        float[] actualKey = new float[actual.Dimension];
        int index = 0;
        foreach (Entry entry in actual.Entries)
        {
            if (index == _remaining.Length) return $"id {entry.Id} should not be there";
            Entry expected = _remaining[index++];
            int label = _classes[expected.Label];

            // dropping classes numbers the entries anew: their order says all
            if (entry != expected with { Label = label, Sequence = entry.Sequence, Position = entry.Position })
                return $"id {entry.Id} stands where id {expected.Id} was, or its fields differ";
            _before.Model.CopyKey(expected.Position, expectedKey);
            actual.CopyKey(entry.Position, actualKey);
            if (!MemoryMarshal.AsBytes(expectedKey.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(actualKey.AsSpan())))
                return $"the vector of id {entry.Id} differs";
        }

        return index == _remaining.Length ? null : $"id {_remaining[index].Id} is gone, too";
    }

    /// <summary>
    /// Builds the memory as a fit on the remaining entries alone would; one of codes with the codebooks that there are.
    /// </summary>
    private VisualMemoryTransformer Rebuild()
    {
        int dimension = _before.Dimension;
        var bank = new MemoryBank(_after.Model.Emptied());
        float[] keys = new float[RebuiltRows * dimension];
        for (int start = 0; start < _remaining.Length; start += RebuiltRows)
        {
            Entry[] block = _remaining[start..Math.Min(_remaining.Length, start + RebuiltRows)];
            for (int row = 0; row < block.Length; row++)
                _before.Model.CopyKey(block[row].Position, keys.AsSpan(row * dimension, dimension));

            // one call takes one origin: rows of another go in a call of their own
            for (int from = 0, to; from < block.Length; from = to)
            {
                for (to = from + 1; to < block.Length && block[to].Origin == block[from].Origin;) to++;
                Entry[] run = block[from..to];
                bank.AddRange(
                    keys.AsSpan(from * dimension, run.Length * dimension),
                    Array.ConvertAll(run, entry => _classes[entry.Label]),
                    Array.ConvertAll(run, entry => entry.Weight),
                    Array.ConvertAll(run, entry => entry.Id),
                    run[0].Origin);
            }
        }

        return Fresh(bank.Snapshot());
    }

    private VisualMemoryTransformer Fresh(BankSnapshot memory)
        => new(_before.Environment, _before.Options, memory, _after.Levels.Leaves, _after.HeldOut);

    private (long Scanned, List<long> Indistinguishable) CheckSaved(VisualMemoryTransformer rebuilt)
    {
        var mlContext = new MLContext();
        using MemoryStream saved = Save(mlContext, _after);
        saved.Position = 0;
        var loaded = mlContext.Model.Load(saved, out _).FindMemory<VisualMemoryTransformer>();
        Report("entries saved and loaded", _remaining.Length, FindDifference(loaded.Model));

        var vectors = new RemovedVectors(_before.Model, _removed);
        (long[] counts, long scanned) = vectors.CountIn(saved);
        long[] byChance = counts.AsSpan().ContainsAnyExcept(0)
            ? CountByChance(mlContext, rebuilt, vectors, counts)
            : counts;
        int[] traces = [.. Enumerable.Range(0, counts.Length).Where(index => counts[index] > byChance[index])];
        Report(
            "removed vectors in the saved bytes",
            vectors.Count,
            traces.Length == 0 ? null : $"{traces.Length} are there, first that of id {vectors.IdOf(traces[0])}");
        HashSet<long> common = [.. Duplicates()];
        common.UnionWith(Enumerable.Range(0, counts.Length).Where(index => byChance[index] > 0).Select(vectors.IdOf));
        return (scanned, [.. common.Order()]);
    }

    /// <summary>
    /// Counts the vectors where nobody stored them: in the fresh memory, numbered as the other is, since gaps between
    /// sequence numbers say nothing of vectors; and among the numbers of a graph, which it lacks.
    /// </summary>
    private long[] CountByChance(
        MLContext mlContext, VisualMemoryTransformer rebuilt, RemovedVectors vectors, long[] counts)
    {
        BankSnapshot numbered = _after.Model.Count == _remaining.Length
            ? rebuilt.Model.NumberedAs(_after.Model)
            : rebuilt.Model;
        using MemoryStream fresh = Save(mlContext, Fresh(numbered));
        (long[] byChance, _) = vectors.CountIn(fresh);
        if (ReferenceEquals(_exact, _after)) return byChance;

        using MemoryStream entries = Save(mlContext, _exact);
        (long[] inEntries, _) = vectors.CountIn(entries);
        for (int index = 0; index < counts.Length; index++)
            byChance[index] += Math.Max(0, counts[index] - inEntries[index]);
        return byChance;
    }

    private static MemoryStream Save(MLContext mlContext, VisualMemoryTransformer memory)
    {
        var stream = new MemoryStream();
        mlContext.Model.Save(memory, null, stream);
        return stream;
    }

    /// <summary>Lists the removed entries whose vector is, bit for bit, that of an entry that remains.</summary>
    private IEnumerable<long> Duplicates()
    {
        byte[] key = new byte[_before.Dimension * sizeof(float)];
        ILookup<string, Entry> removed = _removed.ToLookup(KeyOf);
        return [.. _remaining.Select(KeyOf).Distinct().SelectMany(same => removed[same]).Select(entry => entry.Id)];

        string KeyOf(Entry entry)
        {
            _before.Model.CopyKey(entry.Position, MemoryMarshal.Cast<byte, float>(key.AsSpan()));
            return Convert.ToBase64String(SHA256.HashData(key));
        }
    }
}
