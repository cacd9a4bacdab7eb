// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Collections.Concurrent;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Microsoft.ML.Memory;

/// <summary>The part of a clustered index that does not change: heads in memory, the rest mapped.</summary>
internal sealed unsafe class ClusteredBase
{
    private const int RowsAtOnce = 4096;

    private readonly IndexHeader _header;
    private readonly ListPlace[] _lists;
    private readonly ConcurrentBag<SlotMarks> _marks = [];

    /// <summary>Reads heads and list table; everything else is read and checked when it is needed.</summary>
    /// <exception cref="InvalidDataException">The content breaks a rule.</exception>
    public ClusteredBase(IndexFile file, IndexHeader header)
    {
        _header = header;
        Pages = new PageMap(file, header);
        try
        {
            Heads = new ListHeads(Pages, header);
            _lists = ReadLists();
        }
        catch
        {
            Pages.Dispose();
            throw;
        }
    }

    public PageMap Pages { get; }

    public int Dimension => _header.Dimension;

    /// <summary>Entries, removed ones included; their slots lie in [0, this).</summary>
    public int Count => _header.Count;

    public ListHeads Heads { get; }

    public int ListCount => _lists.Length;

    public ListPlace List(int list) => _lists[list];

    /// <summary>Lends marks, none of them set, which <see cref="Return"/> takes back.</summary>
    public SlotMarks LendMarks() => _marks.TryTake(out SlotMarks? marks) ? marks : new SlotMarks(Count);

    public void Return(SlotMarks marks)
    {
        marks.Clear();
        _marks.Add(marks);
    }

    /// <summary>Has a list fetched that is read soon.</summary>
    public void Want(int list)
    {
        ListPlace place = _lists[list];
        if (place.Count > 0) Pages.Want(place.Offset, (long)place.Count * IndexFormat.PostingBytes(Dimension));
    }

    /// <summary>Has an id fetched that is read soon.</summary>
    public void WantId(int slot) => Pages.Want(_header.IdsAt + ((long)slot * sizeof(long)), sizeof(long));

    /// <summary>Gives the id in a slot.</summary>
    public long IdAt(int slot)
        => *(long*)Pages.At(_header.IdsAt + ((long)slot * sizeof(long)), sizeof(long), "ids");

    /// <summary>Finds the slot of an id, removed or not.</summary>
    public bool TryFind(long id, out int slot)
    {
        for (int low = 0, high = Count - 1; low <= high;)
        {
            int middle = low + ((high - low) / 2);
            long at = _header.SortedAt + ((long)middle * IndexFormat.SortedIdBytes);
            byte* pair = Pages.At(at, IndexFormat.SortedIdBytes, "sortedIds");
            long found = *(long*)pair;
            if (found == id)
            {
                slot = *(int*)(pair + sizeof(long));
                if ((uint)slot >= (uint)Count || IdAt(slot) != id)
                    throw IndexFormat.Error("sortedIds", at, $"must name the slot of id {id}", $"{slot}");
                return true;
            }

            if (found < id) low = middle + 1;
            else high = middle - 1;
        }

        slot = -1;
        return false;
    }

    /// <summary>Copies the vector of an entry, removed or not.</summary>
    /// <remarks>A file without homes has every list asked.</remarks>
    public void CopyVector(int slot, Span<float> vector)
    {
        long at = _header.HomesAt + ((long)slot * sizeof(int));
        int home = _header.HasHomes ? *(int*)Pages.At(at, sizeof(int), "homes") : FindHome(slot);
        byte* posting = (uint)home < (uint)ListCount ? FindPosting(home, slot) : null;
        if (posting == null) throw IndexFormat.Error("homes", at, $"must name the list of slot {slot}", $"{home}");
        new ReadOnlySpan<float>(posting + sizeof(int), Dimension).CopyTo(vector);
        if (!TensorPrimitives.IsFiniteAll<float>(vector)) throw NotFinite(home);
    }

    /// <summary>Gives the address of a list's first postings.</summary>
    public byte* Postings(int list, int count)
    {
        long length = (long)count * IndexFormat.PostingBytes(Dimension);
        return count == 0 ? null : Pages.At(_lists[list].Offset, length, "postings");
    }

    /// <summary>Reads the slot of a posting, which must be one.</summary>
    public int SlotOf(byte* posting, int list)
    {
        int slot = *(int*)posting;
        if ((uint)slot >= (uint)Count)
            throw IndexFormat.Error("postings", _lists[list].Offset, $"must name slots below {Count}", $"{slot}");
        return slot;
    }

    /// <summary>Makes the error for a posting whose vector is none.</summary>
    public InvalidDataException NotFinite(int list)
        => IndexFormat.Error("postings", _lists[list].Offset, "must have finite vectors", "NaN or infinity");

    /// <summary>Makes a bank of heads, ids from 0 on.</summary>
    public static BankSnapshot BankOf(ReadOnlySpan<float> heads, int dimension, Metric metric)
    {
        var bank = new MemoryBank(dimension, metric);
        int rows = Math.Max(1, RowsAtOnce / dimension * 16);
        for (int start = 0; start < heads.Length; start += rows * dimension)
        {
            ReadOnlySpan<float> part = heads.Slice(start, Math.Min(rows * dimension, heads.Length - start));
            bank.AddRange(part, new int[part.Length / dimension]);
        }

        return bank.Snapshot();
    }

    private int FindHome(int slot)
    {
        int list = 0;
        while (list < ListCount && FindPosting(list, slot) == null) list++;
        return list;
    }

    /// <summary>Finds an entry in its home, where slots ascend; null where it is not there.</summary>
    private byte* FindPosting(int list, int slot)
    {
        long stride = IndexFormat.PostingBytes(Dimension);
        for (int low = 0, high = _lists[list].PrimaryCount - 1; low <= high;)
        {
            int middle = low + ((high - low) / 2);
            byte* posting = Pages.At(_lists[list].Offset + (middle * stride), stride, "postings");
            int found = *(int*)posting;
            if (found == slot) return posting;
            if (found < slot) low = middle + 1;
            else high = middle - 1;
        }

        return null;
    }

    private ListPlace[] ReadLists()
    {
        var lists = new ListPlace[_header.HeadCount];
        if (lists.Length == 0) return lists;
        Span<byte> bytes = MemoryMarshal.AsBytes(lists.AsSpan());
        new ReadOnlySpan<byte>(Pages.At(_header.ListsAt, bytes.Length, "lists"), bytes.Length).CopyTo(bytes);
        long primaries = 0, next = _header.PostingsAt;
        for (int list = 0; list < lists.Length; list++)
        {
            ListPlace place = lists[list];
            long at = _header.ListsAt + ((long)list * IndexFormat.ListBytes);
            if (place.PrimaryCount < 0 || place.Count < place.PrimaryCount)
            {
                throw IndexFormat.Error(
                    "lists", at, "must have counts that fit", $"{place.PrimaryCount}, {place.Count}");
            }

            if (place.Offset != next)
                throw IndexFormat.Error("lists", at, $"must go on at byte {next}", $"byte {place.Offset}");
            next += (long)place.Count * IndexFormat.PostingBytes(Dimension);
            if (next > _header.ReachesAt)
                throw IndexFormat.Error("lists", at, $"must end by byte {_header.ReachesAt}", $"byte {next}");
            primaries += place.PrimaryCount;
        }

        return primaries == Count
            ? lists
            : throw IndexFormat.Error("lists", _header.ListsAt, $"must hold {Count} entries", $"{primaries}");
    }
}
