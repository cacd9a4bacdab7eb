// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Buffers;
using System.Numerics.Tensors;

namespace Microsoft.ML.Memory;

/// <summary>The heads of all lists, in memory; the id of a head is the number of its list.</summary>
/// <remarks>
/// By inner product a list stands for q·h + |q|·reach, see <see cref="ListReaches"/>: |q| times the product of
/// (q / |q|, 1) and (h, reach), which are what the bank compares. A file without reaches has it compare q and h.
/// </remarks>
internal sealed unsafe class ListHeads
{
    private const int ValuesAtOnce = 65_536;

    private readonly IndexHeader _header;
    private readonly BankSnapshot _bank;

    /// <summary>Reads heads and reaches from the file.</summary>
    /// <exception cref="InvalidDataException">The content breaks a rule.</exception>
    public ListHeads(PageMap pages, IndexHeader header)
    {
        _header = header;
        int length = Dimension + (header.HasReaches ? 1 : 0);
        var bank = new MemoryBank(new BankSnapshot(length, Metric, [], 0, 0)); // length may be 2^20 + 1
        int rows = Math.Max(1, ValuesAtOnce / Dimension);
        for (int start = 0; start < header.HeadCount; start += rows)
        {
            int count = Math.Min(rows, header.HeadCount - start);
            bank.AddRange(Read(pages, start, count), new int[count]);
        }

        _bank = bank.Snapshot();
    }

    public Metric Metric => _header.Metric;

    private int Dimension => _header.Dimension;

    /// <summary>Copies a head, [d], for tests.</summary>
    public void CopyTo(int list, Span<float> head)
    {
        float[] key = new float[_bank.Dimension];
        _bank.CopyKey(list, key);
        key.AsSpan(0, Dimension).CopyTo(head);
    }

    /// <summary>Finds the first lists for each of n queries, [n, d].</summary>
    public void Search(ReadOnlySpan<float> queries, int listCount, NeighborTable found, SearchOptions options)
    {
        if (!_header.HasReaches)
        {
            _bank.Search(queries, listCount, found, options);
            return;
        }

        int length = queries.Length / Dimension * (Dimension + 1);
        float[] longer = ArrayPool<float>.Shared.Rent(length);
        Span<float> rows = longer.AsSpan(0, length);
        Lengthen(queries, rows);
        for (int start = 0; start < length; start += Dimension + 1)
        {
            UnitRow.Scale(rows.Slice(start, Dimension));
            rows[start + Dimension] = 1;
        }

        _bank.Search(rows, listCount, found, options);
        ArrayPool<float>.Shared.Return(longer);
    }

    private ReadOnlySpan<float> Read(PageMap pages, int start, int count)
    {
        long bytes = (long)Dimension * sizeof(float);
        long at = _header.HeadsAt + (start * bytes);
        var heads = new ReadOnlySpan<float>(pages.At(at, count * bytes, "heads"), count * Dimension);
        if (!TensorPrimitives.IsFiniteAll(heads))
            throw IndexFormat.Error("heads", at, "must be finite", "NaN or infinity");
        if (!_header.HasReaches) return heads;

        float[] longer = new float[count * (Dimension + 1)];
        Lengthen(heads, longer);
        at = _header.ReachesAt + ((long)start * sizeof(float));
        float* reaches = (float*)pages.At(at, (long)count * sizeof(float), "reaches");
        for (int row = 0; row < count; row++)
        {
            float reach = reaches[row];
            if (!(float.IsFinite(reach) && reach >= 0))
                throw IndexFormat.Error("reaches", at, "must be finite and at least 0", Check.Shown(reach));
            longer[(row * (Dimension + 1)) + Dimension] = reach;
        }

        return longer;
    }

    /// <summary>Copies rows and leaves room for a value behind each.</summary>
    private void Lengthen(ReadOnlySpan<float> rows, Span<float> longer)
    {
        for (int from = 0, to = 0; from < rows.Length; from += Dimension, to += Dimension + 1)
            rows.Slice(from, Dimension).CopyTo(longer[to..]);
    }
}
