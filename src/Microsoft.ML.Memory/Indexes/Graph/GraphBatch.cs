// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>New entries that are linked together: each chooses its links, then those chosen link back.</summary>
/// <remarks>
/// No entry is met by a walk while it chooses; those of its batch that come before it are compared with instead. So
/// the graph does not depend on which thread is faster.
/// </remarks>
internal sealed unsafe class GraphBatch(GraphNodes nodes, IncomingLinks? incoming)
{
    /// <summary>Entries of a batch at most: enough for the threads, few to compare with.</summary>
    public const int Largest = 256;

    private const int TargetShift = 16;
    private const int LayerShift = 48;

    private readonly List<ulong> _links = [];
    private readonly List<int> _targets = [];
    private int[] _slots = [];

    /// <summary>Gives the number of entries to link together, after so many that are linked already.</summary>
    public static int SizeAfter(int linked) => Math.Clamp(linked, 1, Largest);

    /// <summary>Starts a batch.</summary>
    public void Open(int[] slots) => _slots = slots;

    /// <summary>First step, for each place in the batch: the entry's own links.</summary>
    public void Choose(int place, GraphLinker linker) => linker.Choose(_slots[place], _slots.AsSpan(0, place));

    /// <summary>Between the steps: sorts out by whom each entry was chosen.</summary>
    /// <returns>Number of lists to be linked back.</returns>
    public int Gather()
    {
        _links.Clear();
        _targets.Clear();
        for (int place = 0; place < _slots.Length; place++)
        {
            for (int layer = 0; layer <= nodes.Node(_slots[place]).Level; layer++)
            {
                int* links = nodes.Links(_slots[place], layer);
                int count = nodes.CountLinks(_slots[place], layer);
                for (int i = 0; i < count; i++)
                {
                    int target = links[i] - 1;
                    _links.Add(((ulong)layer << LayerShift) | ((ulong)target << TargetShift) | (uint)place);
                    incoming?.Add(target, _slots[place]);
                }
            }
        }

        _links.Sort();
        for (int i = 0; i < _links.Count; i++)
        {
            if (i == 0 || _links[i] >> TargetShift != _links[i - 1] >> TargetShift) _targets.Add(i);
        }

        return _targets.Count;
    }

    /// <summary>Second step, for each list: the links back.</summary>
    public void LinkBack(int list, GraphLinker linker)
    {
        int first = _targets[list];
        int end = list + 1 < _targets.Count ? _targets[list + 1] : _links.Count;
        Span<int> sources = stackalloc int[Largest];
        for (int i = first; i < end; i++) sources[i - first] = _slots[(ushort)_links[i]];
        var target = (int)(uint)(_links[first] >> TargetShift);
        linker.LinkBack(target, (int)(_links[first] >> LayerShift), sources[..(end - first)], incoming);
    }
}
