// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Storage;

namespace Microsoft.ML.Memory;

/// <summary>The 8-bit codes of a segment's rows, made when a search first asks for them.</summary>
/// <remarks>Rows are coded front to back, each once. Thread safety: any number of searches may ask at once.</remarks>
internal sealed unsafe class CodeColumn(int dimension, int capacity)
{
    private const int RowsOfTask = 512;

    private readonly Lock _gate = new();
    private readonly int _length = RowCode.LengthOf(dimension);
    private NativeBuffer<sbyte>? _codes;
    private NativeBuffer<RowCode>? _rows;
    private volatile int _count;

    /// <summary>Gives the codes, the first <paramref name="count"/> rows' complete.</summary>
    /// <param name="keys">The segment's keys, [capacity, d].</param>
    /// <param name="count">Rows to be coded at least.</param>
    /// <param name="threadCount">Threads at most.</param>
    public CodeBlock Get(NativeBuffer<float> keys, int count, int threadCount)
    {
        if (_count < count)
        {
            lock (_gate)
            {
                if (_count < count) Extend(keys, count, threadCount);
            }
        }

        return new CodeBlock(_codes!.Pointer, _rows!.Pointer);
    }

    private void Extend(NativeBuffer<float> keys, int count, int threadCount)
    {
        int first = _count;
        _codes ??= new NativeBuffer<sbyte>((long)capacity * _length);
        _rows ??= new NativeBuffer<RowCode>(capacity);
        _codes.WillWrite((long)count * _length);
        _rows.WillWrite(count);
        int tasks = (count - first + RowsOfTask - 1) / RowsOfTask;
        if (tasks == 1) Code(first, count);
        else
        {
            Parallel.For(0, tasks, new ParallelOptions { MaxDegreeOfParallelism = threadCount }, task =>
            {
                int start = first + (task * RowsOfTask);
                Code(start, Math.Min(start + RowsOfTask, count));
            });
        }

        GC.KeepAlive(keys);
        _count = count;

        void Code(int start, int end)
        {
            for (int row = start; row < end; row++)
            {
                _rows.Pointer[row] = RowCode.Of(
                    keys.Pointer + ((nint)row * dimension), dimension, _codes.Pointer + ((nint)row * _length));
            }
        }
    }
}
