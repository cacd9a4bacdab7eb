// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.Memory;

/// <summary>A run of a snapshot's rows, cut into groups of R rows that lie together in memory.</summary>
/// <remarks>
/// Groups inside one block point at the rows where they are; what is left over at the ends of blocks is copied
/// together. The position of a removed row, and of padding, is -1.
/// </remarks>
/// <typeparam name="TRows">What is read of a row: its values or its code.</typeparam>
internal unsafe struct RowGroups<TRows> where TRows : struct, IScanRows
{
    private const int Ahead = 8; // listed rows that are on their way from memory
    private const int BytesOfLine = 64;

    private readonly int _size;
    private readonly int _rowBytes;
    private readonly byte** _groups;
    private readonly byte* _gathered;
    private TRows _rows;
    private int _gatheredCount;
    private int _open;
    private int _openRows;

    /// <summary>Makes room for runs of up to <paramref name="rowCount"/> rows.</summary>
    public RowGroups(NativeScratch scratch, in ScanRequest scan, int size, int rowCount)
    {
        _size = size;
        _rowBytes = TRows.BytesOf(scan.Dimension);
        int groups = (rowCount + size - 1) / size + 1;
        Capacity = groups;
        _groups = (byte**)scratch.Take<nint>(groups);
        _gathered = scratch.Take<byte>((long)groups * size * _rowBytes);
        _rows.Reserve(scratch, scan, groups * size);
        Positions = scratch.Take<int>(groups * size);
    }

    /// <summary>Number of groups of a run at most.</summary>
    public int Capacity { get; }

    /// <summary>Number of groups of the run.</summary>
    public int Count { get; private set; }

    public readonly int* Positions { get; }

    /// <summary>The numbers that belong to the rows, place by place.</summary>
    [UnscopedRef]
    public ref TRows Rows => ref _rows;

    /// <summary>Gives the first row of a group.</summary>
    public readonly byte* Group(int group) => _groups[group];

    /// <summary>
    /// Takes up the rows of a scan from <paramref name="start"/> to before <paramref name="end"/>.
    /// </summary>
    public void Load(in ScanRequest scan, int start, int end)
    {
        Count = 0;
        _gatheredCount = 0;
        _openRows = 0;
        if (scan.Members == null) LoadAll(scan, start, end);
        else LoadMembers(scan, start, end);
        if (_openRows > 0) Pad();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void LoadAll(in ScanRequest scan, int start, int end)
    {
        for (int index = scan.Locate(start); start < end; index++)
        {
            ScanBlock* block = scan.Block(index);
            int first = start - block->Position;
            int last = Math.Min(block->Count, end - block->Position);
            start = Math.Max(start, block->Position + last);
            for (; first + _size <= last; first += _size) Point(block, first);
            for (; first < last; first++) Gather(block, first);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void LoadMembers(in ScanRequest scan, int start, int end)
    {
        int* members = scan.Members;
        int index = scan.Locate(members[start]);
        for (int next = start; next < end;)
        {
            ScanBlock* block = scan.Block(index);
            int row = members[next] - block->Position;
            if (row >= block->Count)
            {
                index = scan.Locate(members[next]);
                continue;
            }

            int last = next + _size - 1;
            if (last < end && members[last] == members[next] + _size - 1 && row + _size <= block->Count)
            {
                Point(block, row);
                next += _size;
            }
            else
            {
                int ahead = members[Math.Min(next + Ahead, end - 1)] - block->Position;
                if (ahead < block->Count) Prefetch(TRows.Of(block) + (nint)ahead * _rowBytes);
                Gather(block, row);
                next++;
            }
        }
    }

    private readonly void Prefetch(byte* row)
    {
        if (!Sse.IsSupported) return;
        for (int i = 0; i < _rowBytes; i += BytesOfLine) Sse.Prefetch0(row + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Point(ScanBlock* block, int first)
    {
        int live = 0;
        for (int i = 0; i < _size; i++)
        {
            bool isLive = ScanRequest.IsLive(block, first + i);
            if (isLive) live++;
            Positions[Count * _size + i] = isLive ? block->Position + first + i : -1;
        }

        _rows.Describe(block, first, _size, Count * _size);
        if (live > 0) _groups[Count++] = TRows.Of(block) + (nint)first * _rowBytes;
    }

    private void Gather(ScanBlock* block, int row)
    {
        if (!ScanRequest.IsLive(block, row)) return;
        if (_openRows == 0)
        {
            _open = Count++;
            _groups[_open] = _gathered + (nint)_gatheredCount++ * _size * _rowBytes;
        }

        int place = _open * _size + _openRows;
        Positions[place] = block->Position + row;
        _rows.Describe(block, row, 1, place);
        byte* source = TRows.Of(block) + (nint)row * _rowBytes;
        byte* target = _groups[_open] + (nint)_openRows * _rowBytes;
        new ReadOnlySpan<byte>(source, _rowBytes).CopyTo(new Span<byte>(target, _rowBytes));
        _openRows = (_openRows + 1) % _size;
    }

    /// <summary>Fills the last gathered group up: its missing rows count as removed ones full of zeros.</summary>
    private void Pad()
    {
        int missing = _size - _openRows;
        new Span<int>(Positions + (_open * _size + _openRows), missing).Fill(-1);
        new Span<byte>(_groups[_open] + (nint)_openRows * _rowBytes, missing * _rowBytes).Clear();
    }
}
