// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.InteropServices;

namespace Microsoft.ML.Memory;

/// <summary>Everything of a run of entries but their keys, column by column.</summary>
internal sealed class EntryColumns(long[] ids, long[] sequences, int[] labels, float[] weights, byte[] origins)
{
    /// <summary>Gives the number of rows, all of them at the front, whose sequence numbers are below one.</summary>
    public int CountBelow(long sequence)
    {
        int place = Array.BinarySearch(sequences, sequence);
        return place < 0 ? ~place : place;
    }

    /// <summary>Copies rows to the front of a segment.</summary>
    public void CopyTo(EntrySegment segment, int start, int rows)
    {
        for (int row = 0; row < rows; row++) segment.SetId(row, ids[start + row]);
        Array.Copy(sequences, start, segment.Sequences, 0, rows);
        Array.Copy(labels, start, segment.Labels, 0, rows);
        Array.Copy(weights, start, segment.Weights, 0, rows);
        MemoryMarshal.Cast<byte, EntryOrigin>(origins.AsSpan(start, rows)).CopyTo(segment.Origins);
    }
}
