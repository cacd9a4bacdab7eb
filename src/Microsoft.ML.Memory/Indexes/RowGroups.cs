// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.CompilerServices;

namespace Microsoft.ML.Memory;

/// <summary>A run of a snapshot's rows, cut into groups of R rows that lie together in memory.</summary>
/// <remarks>
/// Groups inside one block point at the rows where they are; what is left over at the ends of blocks is copied
/// together. A row's float score is <c>dot * scale + offset</c>; the position of a removed row, and of padding, is -1.
/// </remarks>
internal unsafe struct RowGroups
{
    private readonly int _size;
    private readonly int _dimension;
    private readonly Metric _metric;
    private readonly float** _rows;
    private readonly float* _gathered;
    private int _gatheredCount;
    private int _open;
    private int _openRows;

    /// <summary>Makes room for runs of up to <paramref name="rowCount"/> rows.</summary>
    public RowGroups(NativeScratch scratch, in ScanRequest scan, int size, int rowCount)
    {
        _size = size;
        _dimension = scan.Dimension;
        _metric = scan.Metric;
        int groups = (rowCount + size - 1) / size + 1;
        _rows = (float**)scratch.Take<nint>(groups);
        _gathered = scratch.Take<float>((long)groups * size * _dimension);
        Scales = scratch.Take<float>(groups * size);
        Offsets = scratch.Take<float>(groups * size);
        Positions = scratch.Take<int>(groups * size);
    }

    /// <summary>Number of groups of the run.</summary>
    public int Count { get; private set; }

    /// <summary>Largest term of a trusted row met in all runs.</summary>
    public float LargestTerm { get; private set; }

    public readonly float* Scales { get; }

    public readonly float* Offsets { get; }

    public readonly int* Positions { get; }

    public readonly float* Rows(int group) => _rows[group];

    /// <summary>
    /// Takes up the rows at positions from <paramref name="start"/> to before <paramref name="end"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Load(in ScanRequest scan, int start, int end)
    {
        Count = 0;
        _gatheredCount = 0;
        _openRows = 0;
        for (int index = scan.Locate(start); start < end; index++)
        {
            ScanBlock* block = scan.Block(index);
            int first = start - block->Position;
            int last = Math.Min(block->Count, end - block->Position);
            start = Math.Max(start, block->Position + last);
            for (; first + _size <= last; first += _size) Point(block, first);
            for (; first < last; first++) Gather(block, first);
        }

        if (_openRows > 0) Pad();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Point(ScanBlock* block, int first)
    {
        int live = 0;
        for (int i = 0; i < _size; i++)
        {
            if (ScanRequest.IsLive(block, first + i)) live++;
            Describe(block, first + i, Count * _size + i);
        }

        if (live > 0) _rows[Count++] = block->Rows + (nint)first * _dimension;
    }

    private void Gather(ScanBlock* block, int row)
    {
        if (!ScanRequest.IsLive(block, row)) return;
        if (_openRows == 0)
        {
            _open = Count++;
            _rows[_open] = _gathered + (nint)_gatheredCount++ * _size * _dimension;
        }

        Describe(block, row, _open * _size + _openRows);
        float* source = block->Rows + (nint)row * _dimension;
        float* target = _rows[_open] + (nint)_openRows * _dimension;
        new ReadOnlySpan<float>(source, _dimension).CopyTo(new Span<float>(target, _dimension));
        _openRows = (_openRows + 1) % _size;
    }

    /// <summary>Fills the last gathered group up: its missing rows count as removed ones full of zeros.</summary>
    private void Pad()
    {
        int missing = _size - _openRows;
        new Span<int>(Positions + (_open * _size + _openRows), missing).Fill(-1);
        new Span<float>(_rows[_open] + (nint)_openRows * _dimension, missing * _dimension).Clear();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Describe(ScanBlock* block, int row, int place)
    {
        float term = block->Terms[row];
        Positions[place] = ScanRequest.IsLive(block, row) ? block->Position + row : -1;
        Scales[place] = _metric switch { Metric.Cosine => term, Metric.SquaredEuclidean => 2, _ => 1 };
        Offsets[place] = _metric switch { Metric.Cosine => 0, Metric.SquaredEuclidean => -term, _ => 0 * term };
        if (term > LargestTerm) LargestTerm = term;
    }
}
