// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.InteropServices;
using Microsoft.ML.Memory.Hosting;

namespace Microsoft.ML.Memory;

/// <summary>Asks two memories the same questions and compares all they say, bit for bit.</summary>
internal sealed class ProbeComparison
{
    private const int BlockRows = 256;

    private readonly VisualMemoryTransformer _actual;
    private readonly BankSnapshot _expectedMemory;
    private readonly BlockClassifier _actualClassifier;
    private readonly BlockClassifier _expectedClassifier;
    private readonly NeighborTable _actualNeighbors = new();
    private readonly NeighborTable _expectedNeighbors = new();
    private readonly float[] _rows;
    private readonly uint[] _actualLabels = new uint[BlockRows];
    private readonly uint[] _expectedLabels = new uint[BlockRows];
    private readonly float[] _actualScores;
    private readonly float[] _expectedScores;
    private readonly int _classCount;
    private readonly int _neighborCount;
    private (long Count, long First) _otherNeighbors, _otherScores, _otherLabels;

    public ProbeComparison(VisualMemoryTransformer actual, VisualMemoryTransformer expected)
    {
        _actual = actual;
        _expectedMemory = expected.Model;
        _actualClassifier = actual.CreateClassifierOfAll(Environment.ProcessorCount);
        _expectedClassifier = expected.CreateClassifierOfAll(Environment.ProcessorCount);
        _actualClassifier.Reserve(BlockRows);
        _expectedClassifier.Reserve(BlockRows);
        _rows = new float[BlockRows * actual.Dimension];
        _classCount = actual.ClassCount;
        _actualScores = new float[BlockRows * _classCount];
        _expectedScores = new float[BlockRows * _classCount];
        _neighborCount = expected.Options.NeighborCount;
    }

    /// <summary>Number of questions asked.</summary>
    public long Count { get; private set; }

    /// <summary>Asks about the rows of a view.</summary>
    public void Ask(IDataView probes)
    {
        int dimension = _actual.Dimension;
        DataViewSchema.Column column = Columns.Features(
            probes.Schema, _actual.FeatureColumnName, dimension, _actual.EncoderFingerprint);
        using DataViewRowCursor cursor = probes.GetRowCursor([column]);
        var features = new FeatureReader(cursor, column);
        int count = 0;
        while (cursor.MoveNext())
        {
            features.Read(_rows.AsSpan(count * dimension, dimension));
            if (++count < BlockRows) continue;
            Compare(count);
            count = 0;
        }

        Compare(count);
    }

    /// <summary>Asks about the vectors of entries.</summary>
    public void Ask(BankSnapshot memory, Entry[] entries)
    {
        for (int start = 0; start < entries.Length; start += BlockRows)
        {
            int count = Math.Min(BlockRows, entries.Length - start);
            for (int row = 0; row < count; row++)
            {
                memory.CopyKey(
                    entries[start + row].Position, _rows.AsSpan(row * memory.Dimension, memory.Dimension));
            }

            Compare(count);
        }
    }

    /// <summary>Adds what was found to the checks.</summary>
    public void Report(List<AuditCheck> checks)
    {
        checks.Add(Check("neighbours of the probes", _otherNeighbors));
        checks.Add(Check("scores of the probes", _otherScores));
        checks.Add(Check("predicted classes of the probes", _otherLabels));
    }

    private AuditCheck Check(string name, (long Count, long First) other)
        => new(
            name,
            other.Count == 0,
            Count,
            other.Count == 0 ? "" : $"{other.Count} differ, first in probe {other.First}");

    private void Compare(int count)
    {
        if (count == 0) return;
        ReadOnlySpan<float> rows = _rows.AsSpan(0, count * _actual.Dimension);
        _actual.Model.Search(rows, _neighborCount, _actualNeighbors);
        _expectedMemory.Search(rows, _neighborCount, _expectedNeighbors);
        Span<uint> labels = _actualLabels.AsSpan(0, count);
        Span<uint> expected = _expectedLabels.AsSpan(0, count);
        _actualClassifier.Classify(rows, labels, _actualScores.AsSpan(0, count * _classCount));
        _expectedClassifier.Classify(rows, expected, _expectedScores.AsSpan(0, count * _classCount));
        for (int row = 0; row < count; row++, Count++)
        {
            if (!HasSameNeighbors(row)) Note(ref _otherNeighbors);
            if (!SameBits(ScoresOf(_actualScores, row), ScoresOf(_expectedScores, row))) Note(ref _otherScores);
            if (labels[row] != expected[row]) Note(ref _otherLabels);
        }
    }

    private void Note(ref (long Count, long First) other)
    {
        if (other.Count++ == 0) other.First = Count;
    }

    private ReadOnlySpan<float> ScoresOf(float[] scores, int row) => scores.AsSpan(row * _classCount, _classCount);

    private bool HasSameNeighbors(int row)
        => _actualNeighbors.IdsOf(row).SequenceEqual(_expectedNeighbors.IdsOf(row))
            && SameBits(_actualNeighbors.DistancesOf(row), _expectedNeighbors.DistancesOf(row));

    private static bool SameBits(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
        => MemoryMarshal.AsBytes(left).SequenceEqual(MemoryMarshal.AsBytes(right));
}
