// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.InteropServices;
using Microsoft.ML.Data;
using Microsoft.ML.Memory.Hosting;
using Microsoft.ML.Memory.Storage;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Memory;

/// <summary>The labelled rows of a view, given out in batches, epoch after epoch.</summary>
/// <remarks>
/// <para>Rows that fit into <see cref="HeldBytes"/> are read once and held; of a longer view every epoch is a pass, and
/// an epoch's order is shuffled within a pool of rows of that size.</para>
/// <para>For one thread.</para>
/// </remarks>
internal sealed class ExampleSource
{
    private readonly IDataView _view;
    private readonly DataViewSchema.Column _label;
    private readonly DataViewSchema.Column _column;
    private readonly BackboneInput _input;
    private readonly ExampleLabels _labels;
    private readonly RowSplit _split;
    private readonly long _heldBytes;
    private readonly List<float[]> _rows = [];
    private readonly List<int> _classes = [];
    private readonly HashSet<int> _trained = []; // classes
    private bool _isHeld = true;

    private ExampleSource(IDataView view, DataViewSchema.Column label, string columnName, BackboneInput input,
        RowSplit split, long heldBytes)
    {
        _view = view;
        _label = label;
        _column = input.Find(view.Schema, columnName);
        _input = input;
        _labels = new ExampleLabels(label, null);
        _split = split;
        _heldBytes = heldBytes;
    }

    /// <summary>Bytes of examples that are held in memory by default: 1 GiB.</summary>
    public static long HeldBytes => 1L << 30;

    public ClassTable Classes => _labels.Classes;

    /// <summary>Number of labelled rows.</summary>
    public long Count { get; private set; }

    /// <summary>Tells other rows, labels or orders from these.</summary>
    public uint Checksum { get; private set; }

    /// <summary>Number of rows that are trained on.</summary>
    public long TrainCount { get; private set; }

    /// <summary>Number of rows held out for validation.</summary>
    public long HeldOutCount => Count - TrainCount;

    /// <summary>The first class of which there is no row to train on; null where every one has some.</summary>
    public int? UntrainedClass =>
        Enumerable.Range(0, Classes.Count).Where(c => !_trained.Contains(c)).Cast<int?>().FirstOrDefault();

    /// <summary>Reads the view once: counts rows and classes, checks numbers, and holds what fits.</summary>
    /// <exception cref="InvalidOperationException">A value is not finite; the message names the row.</exception>
    public static ExampleSource Open(IDataView view, DataViewSchema.Column label, string columnName,
        BackboneInput input, RowSplit split, IChannel channel, long? heldBytes = null,
        CancellationToken token = default)
    {
        token.ThrowIfCancellationRequested(); // a cursor may read ahead as soon as it is there
        var source = new ExampleSource(view, label, columnName, input, split, heldBytes ?? HeldBytes);
        ExampleLabels.WarnOfMissing(source.ReadAll(token), label, channel);
        return source;
    }

    /// <summary>Gives the rows that are trained on, or those held out, in batches.</summary>
    /// <param name="heldOut">Which of the two.</param>
    /// <param name="batchSize">Rows of a batch; the last one may have fewer.</param>
    /// <param name="order">Shuffles; null keeps the order of the view.</param>
    public IEnumerable<ExampleBatch> Batches(bool heldOut, int batchSize, SeededRandom? order) =>
        Batched(_isHeld ? Held(heldOut, order) : Streamed(heldOut, order), batchSize);

    /// <summary>Gives every row in the order of the view, in batches.</summary>
    public IEnumerable<ExampleBatch> All(int batchSize) => Batched(
        _isHeld ? _rows.Select((row, i) => (row, _classes[i], (long)i)) : Pass(null), batchSize);

    private IEnumerable<ExampleBatch> Batched(
        IEnumerable<(float[] Row, int Label, long Position)> examples, int batchSize)
    {
        var batch = new ExampleBatch((int)Math.Min(batchSize, Count), _input.RowLength);
        foreach ((float[] row, int label, long position) in examples)
        {
            batch.Add(row, label, position);
            if (!batch.IsFull) continue;
            yield return batch;
            batch.Clear();
        }

        if (batch.Count > 0) yield return batch;
    }

    private IEnumerable<(float[] Row, int Label, long Position)> Held(bool heldOut, SeededRandom? order)
    {
        int[] positions = [.. Enumerable.Range(0, _rows.Count).Where(p => _split.IsHeldOut(p) == heldOut)];
        order?.Shuffle(positions.AsSpan());
        return positions.Select(p => (_rows[p], _classes[p], (long)p));
    }

    // Each row changes places with a random one of the pool, which is given out in its stead.
    private IEnumerable<(float[] Row, int Label, long Position)> Streamed(bool heldOut, SeededRandom? order)
    {
        var pool = new (float[] Row, int Label, long Position)[order is null ? 0 : Math.Max(1, _heldBytes / RowBytes)];
        int pooled = 0;
        foreach (var example in Pass(heldOut))
        {
            if (order is null)
            {
                yield return example;
                continue;
            }

            (float[] Row, int Label, long Position) kept = (example.Row.ToArray(), example.Label, example.Position);
            if (pooled < pool.Length)
            {
                pool[pooled++] = kept;
                continue;
            }

            int slot = order.Next(pool.Length);
            yield return pool[slot];
            pool[slot] = kept;
        }

        order?.Shuffle(pool.AsSpan(0, pooled));
        for (int i = 0; i < pooled; i++) yield return pool[i];
    }

    private IEnumerable<(float[] Row, int Label, long Position)> Pass(bool? heldOut)
    {
        using DataViewRowCursor cursor = _view.GetRowCursor([_label, _column]);
        IRowReader reader = _input.CreateReader(cursor, _column);
        Func<int?> label = _labels.CreateReader(cursor, _label);
        float[] row = new float[_input.RowLength];
        long position = 0;
        while (cursor.MoveNext())
        {
            if (label() is not { } known) continue;
            long own = position++;
            if (heldOut is { } wanted && _split.IsHeldOut(own) != wanted) continue;
            reader.Read(row);
            yield return (row, known, own);
        }
    }

    private long RowBytes => (long)_input.RowLength * sizeof(float);

    private long ReadAll(CancellationToken token)
    {
        using DataViewRowCursor cursor = _view.GetRowCursor([_label, _column]);
        IRowReader reader = _input.CreateReader(cursor, _column);
        Func<int?> label = _labels.CreateReader(cursor, _label);
        float[] row = new float[_input.RowLength];
        long skipped = 0;
        while (cursor.MoveNext())
        {
            token.ThrowIfCancellationRequested();
            if (label() is not { } known)
            {
                skipped++;
                continue;
            }

            reader.Read(row);
            FeatureRows.RequireFinite(row, cursor.Position);
            Keep(row, known);
        }

        return skipped;
    }

    private void Keep(float[] row, int label)
    {
        if (!_split.IsHeldOut(Count))
        {
            TrainCount++;
            _trained.Add(label);
        }

        Count++;
        Checksum = SectionFormat.Checksum(Checksum, MemoryMarshal.AsBytes(row.AsSpan()));
        Checksum = SectionFormat.Checksum(Checksum, MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in label)));
        if (!_isHeld) return;
        if (Count * RowBytes > _heldBytes)
        {
            _isHeld = false;
            _rows.Clear();
            _classes.Clear();
            return;
        }

        _rows.Add([.. row]);
        _classes.Add(label);
    }
}
