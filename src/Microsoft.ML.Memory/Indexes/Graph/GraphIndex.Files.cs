// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Storage;

namespace Microsoft.ML.Memory;

public sealed unsafe partial class GraphIndex
{
    /// <summary>Writes the index, vectors, links and the state of its random numbers.</summary>
    /// <remarks>
    /// Entries come in the order of their slots. Saving, loading and saving again gives the same bytes; of removed
    /// entries nothing is written. Waits for a writer and makes writers wait, not searches. Cost: the memory of the
    /// index, read twice.
    /// </remarks>
    /// <param name="stream">Receives the bytes; left open.</param>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);

        var writer = new SectionWriter(stream);
        Write(writer);
        writer.End();
    }

    /// <summary>Writes the sections of the index; without the vectors where they are borrowed.</summary>
    internal void Write(SectionWriter writer)
    {
        lock (_gate)
        {
            GraphFile file = FileOf(_random.State.ToArray(), _entrance.Place.Slot, _readers.Current.Starts);
            GraphFormat.Write(writer, file, _nodes, [.. LiveSlots()]);
        }

        GC.KeepAlive(_nodes);
    }

    /// <summary>
    /// Copies the index; its slots are numbered anew, without gaps, and the centre of its codes is chosen anew.
    /// </summary>
    /// <param name="rowOf">Gives the address of the vector of an id in the copy, or 0 where it stays the same.</param>
    internal GraphIndex Copy(Func<long, nint> rowOf)
    {
        lock (_gate)
        {
            int[] slots = [.. LiveSlots()];
            int[] numbers = new int[_nodes.End];
            for (int number = 0; number < slots.Length; number++) numbers[slots[number]] = number;
            ulong[] random = [.. _random.State];
            var copy = new GraphIndex(
                Dimension, Metric, Settings, ScanWidths.Best, _nodes.BorrowsRows, new SeededRandom(random));
            copy._nodes.Reserve(slots.Length);
            nint[] rows = Array.ConvertAll(slots, RowOf);
            copy._nodes.Recode(CentreOf(rows));
            foreach (int slot in slots)
            {
                ref GraphNode node = ref _nodes.Node(slot);
                copy._nodes.Put(
                    numbers[slot],
                    new GraphNode { Id = node.Id, Sequence = node.Sequence, Level = node.Level, Died = node.Died });
                copy._nodes.PutRow(numbers[slot], (float*)rows[numbers[slot]]);
                copy._nodes.CopyLinks(_nodes, slot, numbers);
            }

            foreach (int slot in slots)
            {
                if (_nodes.Node(slot).Level != GraphNode.Copy) copy._copies.AppendAll(_nodes, slot, numbers);
            }

            int entry = slots.Length == 0 ? -1 : numbers[_entrance.Place.Slot];
            copy.Adopt(FileOf(random, entry, starts: null));
            GC.KeepAlive(_nodes);
            return copy;
        }

        nint RowOf(int slot) => rowOf(_nodes.Node(slot).Id) is var row && row != 0 ? row : (nint)_nodes.Row(slot);
    }

    /// <summary>Reads an index that <see cref="Save"/> wrote; its slots are numbered anew, without gaps.</summary>
    /// <remarks>
    /// Everything is checked before it is used: checksums, ranges, and that links lead to entries of their layer. Cost:
    /// the memory of the index; codes are made from the vectors again.
    /// </remarks>
    /// <param name="stream">Is read to the end of the index; left open.</param>
    /// <param name="threadCount">Threads that add and remove; null uses every processor. Not part of a file.</param>
    /// <exception cref="InvalidDataException">The content breaks a rule; the message names section and
    /// offset.</exception>
    public static GraphIndex Load(Stream stream, int? threadCount = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (threadCount is { } threads) Check.AtLeast(threads, 1, "Load's threadCount", nameof(threadCount));

        var reader = new SectionReader(stream);
        GraphIndex index = Read(reader, threadCount, borrowed: null);
        reader.EndFile();
        return index;
    }

    /// <summary>Reads the sections of an index.</summary>
    /// <param name="reader">Stands before them.</param>
    /// <param name="threadCount">Threads that add and remove; null uses every processor.</param>
    /// <param name="borrowed">The vectors; null where they are in the file.</param>
    /// <exception cref="InvalidDataException">
    /// The content breaks a rule; the message names section and offset.
    /// </exception>
    internal static GraphIndex Read(SectionReader reader, int? threadCount, BorrowedRows? borrowed)
    {
        (GraphHead head, GraphFile file) = GraphFormat.ReadHead(reader);
        if (borrowed is not null && (head.Dimension, head.Metric) != (borrowed.Dimension, borrowed.Metric))
        {
            throw reader.Error(
                $"must have dimension {borrowed.Dimension} and metric {borrowed.Metric}",
                $"{head.Dimension} and {head.Metric}");
        }

        var index = new GraphIndex(
            head.Dimension,
            head.Metric,
            file.Settings with { ThreadCount = threadCount },
            ScanWidths.Best,
            borrowed is not null,
            new SeededRandom(file.RandomState));
        if (file.Centre is { } centre) index._nodes.Recode(new RowCentre(head.Metric, centre));
        GraphFormat.ReadEntries(reader, head, file, index._nodes, borrowed?.AddressOf);
        index.Adopt(file);
        return index;
    }

    private GraphFile FileOf(ulong[] random, int entry, int[]? starts) =>
        new(Settings, random, _nextSequence, entry, _nodes.Codec.Centre?.Values.ToArray(), starts);

    private IEnumerable<int> LiveSlots()
    {
        for (int slot = 0; slot < _nodes.End; slot++)
        {
            if (_nodes.Node(slot).Died == GraphNode.Never) yield return slot;
        }
    }

    private void Adopt(GraphFile file)
    {
        _nextSequence = file.NextSequence;
        int untrusted = 0;
        for (int slot = 0; slot < _nodes.End; slot++)
        {
            ref GraphNode node = ref _nodes.Node(slot);
            _slots.Add(node.Id, slot);
            node.Untrusted = IsTrusted(_nodes.Row(slot)) ? 0 : 1;
            untrusted += node.Untrusted;
            if (node.Level != GraphNode.Copy) _linked++;
        }

        if (_nodes.End == 0) return;
        _entrance.Set(file.Entry, _nodes.Node(file.Entry).Level);
        int[] starts = file.Starts ?? GraphStarts.Find(_nodes, _linked, known: [], added: []);
        Publish(_nodes.End, untrusted, starts);
    }
}
