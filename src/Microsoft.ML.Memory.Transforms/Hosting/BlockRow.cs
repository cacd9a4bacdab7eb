// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Microsoft.ML.Memory.Hosting;

/// <summary>One input row with the added columns, computed when the first of them is read.</summary>
internal sealed class BlockRow : DataViewRow
{
    private readonly DataViewRow _input;
    private readonly BlockSchema _schema;
    private readonly bool[] _active;
    private readonly BlockScorer? _scorer;
    private long _scoredPosition = -1;

    public BlockRow(DataViewRow input, BlockSchema schema, bool[] active)
    {
        _input = input;
        _schema = schema;
        _active = active;
        if (!active.AsSpan(schema.Mapping.InputSchema.Count).Contains(true)) return;
        _scorer = schema.Mapping.CreateScorer(input, Environment.ProcessorCount);
        _scorer.Reserve(1);
    }

    public override long Position => _input.Position;

    public override long Batch => _input.Batch;

    public override DataViewSchema Schema => _schema.Schema;

    public override bool IsColumnActive(DataViewSchema.Column column)
        => column.Index < _active.Length && _active[column.Index];

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        RowColumns.CheckActive(this, column);
        return _schema.IsOutput(column.Index, out int output)
            ? RowColumns.Typed<TValue>(_scorer!.CreateGetter(output, ScoredSlot), column)
            : _input.GetGetter<TValue>(_schema.Mapping.InputSchema[column.Index]);
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() => _input.GetIdGetter();

    protected override void Dispose(bool disposing)
    {
        if (disposing) _input.Dispose();
        base.Dispose(disposing);
    }

    private int ScoredSlot()
    {
        // A row without a position may change unseen, so it is scored at every read.
        if (_input.Position < 0 || _input.Position != _scoredPosition)
        {
            _scorer!.Read(0);
            _scorer.Score(1);
            _scoredPosition = _input.Position;
        }

        return 0;
    }
}
