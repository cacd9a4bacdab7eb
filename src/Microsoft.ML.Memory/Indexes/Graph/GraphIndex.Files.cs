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

        lock (_gate)
        {
            var file = new GraphFile(Settings, _random.State.ToArray(), _nextSequence, _entrance.Place.Slot);
            GraphFormat.Write(new SectionWriter(stream), file, _nodes, [.. LiveSlots()]);
        }

        GC.KeepAlive(_nodes);
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
        (GraphHead head, GraphFile file) = GraphFormat.ReadHead(reader);
        var index = new GraphIndex(
            head.Dimension,
            head.Metric,
            file.Settings with { ThreadCount = threadCount },
            ScanWidths.Best,
            new SeededRandom(file.RandomState));
        GraphFormat.ReadEntries(reader, head, file, index._nodes);
        index.Adopt(file);
        return index;
    }

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
            node.Untrusted = IsTrusted(new ReadOnlySpan<float>(_nodes.Row(slot), Dimension)) ? 0 : 1;
            untrusted += node.Untrusted;
        }

        if (_nodes.End == 0) return;
        _entrance.Set(file.Entry, _nodes.Node(file.Entry).Level);
        Publish(_nodes.End, untrusted);
    }
}
