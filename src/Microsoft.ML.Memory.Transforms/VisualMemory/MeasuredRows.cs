// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Hosting;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Memory;

/// <summary>Reads rows that a memory is measured on, and finds the neighbours of each.</summary>
internal sealed class MeasuredRows
{
    private const int BlockRows = 1024;

    private readonly VisualMemoryTransformer _memory;
    private readonly string _verb;
    private readonly DataViewSchema.Column _features;
    private readonly DataViewSchema.Column? _label;
    private readonly NeighborFinder _finder;

    /// <param name="memory">The memory.</param>
    /// <param name="view">Rows with its feature column.</param>
    /// <param name="labelColumnName">Column with the labels; null: rows have none.</param>
    /// <param name="verb">What the rows are read for, for messages.</param>
    public MeasuredRows(VisualMemoryTransformer memory, IDataView view, string? labelColumnName, string verb)
    {
        _memory = memory;
        _verb = verb;
        View = view;
        _finder = new NeighborFinder(memory);
        _features = Columns.Features(
            view.Schema, memory.FeatureColumnName, memory.Dimension, memory.EncoderFingerprint);
        _label = labelColumnName is null ? null : Columns.Find(view.Schema, labelColumnName);
    }

    /// <summary>Takes one row: its voted class (outside [0, c) where nothing is known of it) and neighbours.</summary>
    public delegate void Visit(int label, ReadOnlySpan<int> positions, ReadOnlySpan<float> distances);

    private IDataView View { get; }

    /// <summary>Visits every row in order; rows whose label is missing are counted in a warning.</summary>
    /// <exception cref="InvalidOperationException">There is no row.</exception>
    public void Each(int neighborCount, Visit visit)
    {
        IEnumerable<DataViewSchema.Column> columns = _label is { } label ? [_features, label] : [_features];
        using DataViewRowCursor cursor = View.GetRowCursor([.. columns, .. _finder.ColumnsOf(View.Schema)]);
        Func<int?> read = ReaderOf(cursor);
        var features = new FeatureReader(cursor, _features);
        CandidateReader? candidates = _finder.ReaderOf(cursor);
        float[] rows = new float[BlockRows * _memory.Dimension];
        int[] labels = new int[BlockRows];
        var neighbors = new NeighborTable();
        long skipped = 0, total = 0;
        int count = 0;
        while (cursor.MoveNext())
        {
            if (read() is not { } own)
            {
                skipped++;
                continue;
            }

            features.Read(rows.AsSpan(count * _memory.Dimension, _memory.Dimension));
            candidates?.Read(count);
            labels[count++] = own;
            total++;
            if (count < BlockRows) continue;
            Flush(rows, labels, neighbors, neighborCount, visit);
            count = 0;
        }

        Flush(rows.AsSpan(0, count * _memory.Dimension), labels, neighbors, neighborCount, visit);
        Report(skipped, total);
    }

    private Func<int?> ReaderOf(DataViewRow row)
    {
        if (_label is not { } column) return () => -1;
        Func<int?> leaf = new ExampleLabels(column, _memory.Levels.Leaves).CreateReader(row, column);
        return () => leaf() is { } label ? _memory.Levels.VotedOf(label) : null;
    }

    private void Flush(
        ReadOnlySpan<float> rows, int[] labels, NeighborTable neighbors, int neighborCount, Visit visit)
    {
        if (rows.IsEmpty) return;
        _finder.Find(rows, neighborCount, neighbors);
        for (int row = 0; row < neighbors.QueryCount; row++)
            visit(labels[row], neighbors.PositionsOf(row), neighbors.DistancesOf(row));
    }

    private void Report(long skipped, long total)
    {
        if (total == 0)
        {
            throw new InvalidOperationException(
                $"VisualMemoryTransformer.{_verb} must see at least one row{(_label is null ? "" : " with a label")}. "
                + "Got none.");
        }

        if (skipped == 0 || _label is not { } label) return;
        using IChannel channel = _memory.Environment.Register(nameof(VisualMemoryTransformer)).Start(_verb);
        ExampleLabels.WarnOfMissing(skipped, label, channel);
    }
}
