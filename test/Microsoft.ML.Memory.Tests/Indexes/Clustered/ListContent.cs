// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.Indexes.Clustered;

/// <summary>What the lists of an open index hold.</summary>
internal static unsafe class ListContent
{
    /// <summary>Gives list, slot and whether it is the entry's nearest list, for all postings.</summary>
    public static List<(int List, int Slot, bool IsPrimary)> Of(ClusteredIndex index)
    {
        ClusteredBase lists = index.State.Base;
        var postings = new List<(int, int, bool)>();
        for (int list = 0; list < lists.ListCount; list++)
        {
            ListPlace place = lists.List(list);
            byte* posting = lists.Postings(list, place.Count);
            for (int row = 0; row < place.Count; row++)
            {
                int slot = lists.SlotOf(posting + (row * IndexFormat.PostingBytes(lists.Dimension)), list);
                postings.Add((list, slot, row < place.PrimaryCount));
            }
        }

        return postings;
    }

    public static float[][] Heads(ClusteredIndex index)
    {
        return [.. Enumerable.Range(0, index.ListCount).Select(list =>
        {
            float[] head = new float[index.Dimension];
            index.State.Base.Heads.CopyTo(list, head);
            return head;
        })];
    }
}
