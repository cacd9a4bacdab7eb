// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.ExceptionServices;
using Microsoft.ML.Data;

namespace Microsoft.ML.Memory.Hosting;

/// <summary>A block of rows that were read, and what is computed for them.</summary>
internal sealed class RowBlock
{
    private readonly DataViewRowCursor _input;
    private readonly ColumnBuffer?[] _passed;
    private readonly RowBuffer _rows;
    private readonly BlockScorer? _scorer;
    private ExceptionDispatchInfo? _failure;
    private Task? _work;

    public RowBlock(DataViewRowCursor input, BlockSchema schema, bool[] active, int threadCount)
    {
        _input = input;
        _rows = new RowBuffer(input);
        _passed = new ColumnBuffer?[schema.Mapping.InputSchema.Count];
        for (int column = 0; column < _passed.Length; column++)
        {
            if (active[column]) _passed[column] = ColumnBuffer.Create(input, schema.Mapping.InputSchema[column]);
        }

        if (active.AsSpan(_passed.Length).Contains(true)) _scorer = schema.Mapping.CreateScorer(input, threadCount);
    }

    /// <summary>Number of its rows.</summary>
    public int Count { get; private set; }

    /// <summary>Whether the input has no rows behind it.</summary>
    public bool IsLast { get; private set; }

    /// <summary>Whether nothing can be read behind it: the input has ended, or failed.</summary>
    public bool HasEnded => IsLast || _failure is not null;

    public long PositionOf(int slot) => _rows.PositionOf(slot);

    public long BatchOf(int slot) => _rows.BatchOf(slot);

    public ValueGetter<DataViewRowId> CreateIdGetter(Func<int> slot) => _rows.CreateIdGetter(slot);

    public Delegate CreateGetter(int column, Func<int> slot) => _passed[column]!.CreateGetter(slot);

    public Delegate CreateOutputGetter(int output, Func<int> slot) => _scorer!.CreateGetter(output, slot);

    /// <summary>Reads up to so many rows.</summary>
    public void Read(int rows)
    {
        Reserve(rows);
        for (Count = 0; Count < rows; Count++)
        {
            if (!_input.MoveNext())
            {
                IsLast = true;
                return;
            }

            _rows.Read(Count);
            foreach (ColumnBuffer? column in _passed) column?.Read(Count);
            _scorer?.Read(Count);
        }
    }

    /// <summary>Reads like <see cref="Read"/>, and keeps a failure until the block is due.</summary>
    public void ReadAhead(int rows)
    {
        try
        {
            Read(rows);
        }
        catch (Exception error)
        {
            _failure = ExceptionDispatchInfo.Capture(error);
        }
    }

    /// <summary>Computes what is added to the rows.</summary>
    public void Score()
    {
        if (Count > 0) _scorer?.Score(Count);
    }

    /// <summary>Begins to compute on another thread.</summary>
    public void StartScoring()
    {
        if (_failure is null) _work = Task.Run(Score);
    }

    /// <summary>Waits until the block can be served.</summary>
    /// <exception cref="Exception">What reading or computing failed with, as it was thrown.</exception>
    public void Require()
    {
        _failure?.Throw();
        _work?.GetAwaiter().GetResult();
    }

    /// <summary>Waits until nobody works on the block any more, whatever came of it.</summary>
    public void WaitForEnd()
    {
        if (_work is not null) ((IAsyncResult)_work).AsyncWaitHandle.WaitOne();
    }

    /// <summary>Reports what was noticed on the way.</summary>
    public void Finish() => _scorer?.Finish();

    private void Reserve(int rows)
    {
        _rows.Reserve(rows);
        foreach (ColumnBuffer? column in _passed) column?.Reserve(rows);
        _scorer?.Reserve(rows);
    }
}
