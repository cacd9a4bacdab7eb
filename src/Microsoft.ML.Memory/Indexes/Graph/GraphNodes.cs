// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Microsoft.ML.Memory;

/// <summary>The entries of a graph by slot: codes and links, which a search walks on, and what it ends with.</summary>
/// <remarks>
/// <para>Links are slots plus 1, in a list of fixed capacity that a 0 ends. They are written one by one and never leave
/// the range of slots, so a list that is read while it is written is at worst a mixture of two lists.</para>
/// <para>One thread adds slots; several may write lists, each of another slot.</para>
/// <para>Vectors that somebody else keeps are borrowed: their address is held, not their values. Codes that are the
/// vectors themselves are copied all the same.</para>
/// </remarks>
internal sealed unsafe class GraphNodes
{
    private const int LargestShift = 10;
    private const int FirstChunkBytes = 1 << 20;

    private readonly NodeArea _codes;
    private readonly NodeArea _links;
    private readonly NodeArea _rows;
    private readonly NodeArea _nodes;
    private readonly bool _borrowsRows;

    public GraphNodes(RowCodec codec, int linkCount, bool borrowsRows = false)
    {
        Codec = codec;
        LinkCount = linkCount;
        BorrowsRows = borrowsRows;
        _borrowsRows = borrowsRows && !codec.IsExact;
        int rowBytes = checked(codec.Dimension * sizeof(float));
        int shift = Math.Clamp(BitOperations.Log2((uint)(FirstChunkBytes / rowBytes) | 1), 0, LargestShift);
        _codes = new NodeArea(codec.CodeBytes, shift);
        _rows = codec.IsExact ? _codes : new NodeArea(_borrowsRows ? sizeof(float*) : rowBytes, shift);
        _links = new NodeArea(2 * linkCount * sizeof(int), shift);
        _nodes = new NodeArea(sizeof(GraphNode), shift);
    }

    ~GraphNodes()
    {
        if (_nodes is null) return; // the constructor ran out of memory
        for (int slot = 0; slot < End; slot++) Forget(slot);
        _codes.Free();
        _links.Free();
        _nodes.Free();
        if (_rows != _codes) _rows.Free();
    }

    public RowCodec Codec { get; }

    /// <summary>Whether the vectors belong to somebody else.</summary>
    public bool BorrowsRows { get; }

    /// <summary>Most links on an upper layer; the lowest has twice as many.</summary>
    public int LinkCount { get; }

    /// <summary>Number of slots ever used.</summary>
    public int End { get; private set; }

    /// <summary>Number of slots there is memory for.</summary>
    public int Capacity => _nodes.Capacity;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* Code(int slot) => _codes.At(slot);

    /// <summary>Gives the codes of some slots and asks for them ahead of their use.</summary>
    public void Codes(int* slots, int count, byte** codes) => _codes.Find(slots, count, codes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float* Row(int slot) => _borrowsRows ? *(float**)_rows.At(slot) : (float*)_rows.At(slot);

    /// <summary>Says whether two slots have the same vector; 0 and -0 are the same value.</summary>
    public bool HaveSameRow(int one, int other) => Values(one).SequenceEqual(Values(other));

    /// <summary>Gives the values of the vector of a slot.</summary>
    public ReadOnlySpan<float> Values(int slot) => new(Row(slot), Codec.Dimension);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref GraphNode Node(int slot) => ref *(GraphNode*)_nodes.At(slot);

    /// <summary>
    /// Gives what equal distances are ranked by, the order of adding; who keeps the vectors tells it by ids.
    /// </summary>
    public long OrderOf(int slot) => BorrowsRows ? Node(slot).Id : Node(slot).Sequence;

    /// <summary>Gives the list of a slot on a layer, at most <see cref="CapacityOf"/> long.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int* Links(int slot, int level) =>
        level == 0 ? (int*)_links.At(slot) : Node(slot).Upper + ((level - 1) * LinkCount);

    public int CapacityOf(int level) => level == 0 ? 2 * LinkCount : LinkCount;

    /// <summary>Gives the next entry of the same vector in the order of adding; -1 after the last.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int NextCopy(int slot)
    {
        int next = Volatile.Read(ref Node(slot).Next);
        return next > 0 ? next - 1 : -1;
    }

    /// <summary>Gives the number of links of a list.</summary>
    public int CountLinks(int slot, int level)
    {
        int* links = Links(slot, level);
        int capacity = CapacityOf(level);
        int count = 0;
        while (count < capacity && links[count] != 0) count++;
        return count;
    }

    /// <summary>Replaces a list by other slots.</summary>
    public void SetLinks(int slot, int level, ReadOnlySpan<int> slots)
    {
        int* links = Links(slot, level);
        int capacity = CapacityOf(level);
        for (int place = 0; place < slots.Length; place++) Volatile.Write(ref links[place], slots[place] + 1);
        for (int place = slots.Length; place < capacity && links[place] != 0; place++)
            Volatile.Write(ref links[place], 0);
    }

    /// <summary>Copies the slots of a list and gives their number.</summary>
    public int CopyLinks(int slot, int level, Span<int> slots)
    {
        int* links = Links(slot, level);
        int count = CountLinks(slot, level);
        for (int place = 0; place < count; place++) slots[place] = links[place] - 1;
        return count;
    }

    /// <summary>Copies all lists of a slot of other nodes.</summary>
    /// <param name="from">The other nodes, with as many links.</param>
    /// <param name="slot">A slot of theirs.</param>
    /// <param name="numbers">The slot here of each slot there; none here has links yet.</param>
    public void CopyLinks(GraphNodes from, int slot, int[] numbers)
    {
        for (int level = 0; level <= from.Node(slot).Level; level++)
        {
            int* source = from.Links(slot, level);
            int* links = Links(numbers[slot], level);
            int count = from.CountLinks(slot, level);
            for (int place = 0; place < count; place++) links[place] = numbers[source[place] - 1] + 1;
        }
    }

    /// <summary>Appends to a list that has room.</summary>
    public void AddLink(int slot, int level, int count, int target)
        => Volatile.Write(ref Links(slot, level)[count], target + 1);

    /// <summary>Lets all links of a slot that lead to one slot lead to another one.</summary>
    public void ReplaceLinks(int slot, int former, int target)
    {
        for (int level = 0; level <= Node(slot).Level; level++)
        {
            var links = new Span<int>(Links(slot, level), CountLinks(slot, level));
            int place = links.IndexOf(former + 1);
            if (place >= 0) Volatile.Write(ref links[place], target + 1);
        }
    }

    /// <summary>Makes room for slots below a number; nothing else changes.</summary>
    public void Reserve(int slots)
    {
        _codes.Reserve(slots);
        _rows.Reserve(slots);
        _links.Reserve(slots);
        _nodes.Reserve(slots);
    }

    /// <summary>Puts an entry into a free slot, which there is room for; it has no links yet.</summary>
    public void Put(int slot, in GraphNode node)
    {
        ref GraphNode place = ref Node(slot);
        int* upper = UpperLinks(node.Level);
        place.Born = node.Born;
        place.Id = node.Id;
        place.Sequence = node.Sequence;
        place.Level = node.Level;
        place.Untrusted = node.Untrusted;
        place.Upper = upper;
        Volatile.Write(ref place.Died, node.Died); // last: until then no search sees the entry
        End = Math.Max(End, slot + 1);
    }

    /// <summary>Lets an entry outside the graph take the place of another one: its layers and links.</summary>
    public void TakePlace(int slot, int former)
    {
        ref GraphNode node = ref Node(slot);
        node.Upper = UpperLinks(Node(former).Level);
        node.Level = Node(former).Level;
        for (int level = 0; level <= node.Level; level++)
            new ReadOnlySpan<int>(Links(former, level), CapacityOf(level)).CopyTo(
                new Span<int>(Links(slot, level), CapacityOf(level)));
    }

    /// <summary>Puts the vector of a slot in place, or its address where vectors are borrowed.</summary>
    public void PutRow(int slot, float* values)
    {
        int d = Codec.Dimension;
        if (_borrowsRows) *(float**)_rows.At(slot) = values;
        else new ReadOnlySpan<float>(values, d).CopyTo(new Span<float>(_rows.At(slot), d));
        if (!Codec.IsExact) Codec.Encode(values, Code(slot));
    }

    /// <summary>Sets the centre and makes the codes of all entries anew, relative to it.</summary>
    /// <remarks>No walk looks at them meanwhile: so few entries are compared with one by one.</remarks>
    public void Recode(RowCentre? centre)
    {
        if (centre is null && Codec.Centre is null) return;
        Codec.Centre = centre;
        if (Codec.IsExact) return;
        for (int slot = 0; slot < End; slot++)
        {
            if (Node(slot).Died == GraphNode.Never) Codec.Encode(Row(slot), Code(slot));
        }
    }

    /// <summary>Overwrites everything of a slot with zeros.</summary>
    public void Forget(int slot)
    {
        ref GraphNode node = ref Node(slot);
        if (node.Upper != null) NativeMemory.Free(node.Upper);
        node = default;
        new Span<byte>(_codes.At(slot), _codes.Stride).Clear();
        if (!Codec.IsExact) new Span<byte>(_rows.At(slot), _rows.Stride).Clear();
        new Span<byte>(_links.At(slot), _links.Stride).Clear();
    }

    private int* UpperLinks(int level) =>
        level <= 0 ? null : (int*)NativeMemory.AllocZeroed((nuint)level * (nuint)LinkCount, sizeof(int));
}
