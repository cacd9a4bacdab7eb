// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Where walks by inner product start besides: at the entries farthest along the centre's direction.</summary>
/// <remarks>
/// Queries that are off the origin as entries are look for these and those around them; from elsewhere few links lead
/// there.
/// </remarks>
internal static unsafe class GraphStarts
{
    /// <summary>Finds them again after a change, all anew where fewer than half of them are left.</summary>
    /// <param name="nodes">The graph as it is now.</param>
    /// <param name="linked">Number of entries in the graph.</param>
    /// <param name="known">Those before the change.</param>
    /// <param name="added">Slots of entries that are new in the graph.</param>
    /// <returns>Slots, farthest first, as many as an entry has links at most; none without a centre.</returns>
    public static int[] Find(GraphNodes nodes, int linked, int[] known, ReadOnlySpan<int> added)
    {
        if (nodes.Codec.Metric != Metric.InnerProduct || nodes.Codec.Centre is not { } centre) return [];
        int most = nodes.CapacityOf(0);
        int[] left = Array.FindAll(known, IsLinked);
        IEnumerable<int> slots = 2 * left.Length < Math.Min(most, linked)
            ? Enumerable.Range(0, nodes.End).Where(IsLinked)
            : [.. left, .. added];

        NearestHeap.Entry* places = stackalloc NearestHeap.Entry[most];
        var farthest = new NearestHeap(places, most);
        int d = centre.Values.Length;
        fixed (float* direction = centre.Values)
        {
            foreach (int slot in slots)
                farthest.Offer(PairDistance.Of(Metric.InnerProduct, direction, 0, nodes.Row(slot), d), slot);
        }

        farthest.Sort();
        int[] starts = new int[farthest.Count];
        for (int place = 0; place < starts.Length; place++) starts[place] = farthest[place].Position;
        return starts;

        bool IsLinked(int slot) => nodes.Node(slot) is { Died: GraphNode.Never, Level: > GraphNode.Copy };
    }
}
