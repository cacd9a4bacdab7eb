// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>The rows within a distance that one worker has found.</summary>
/// <param name="largestDistance">
/// Rows farther away are not taken, where distances are rounded to single precision, as answers have them.
/// </param>
internal sealed class RangeHits(float largestDistance)
{
    /// <summary>Number of rows offered, taken or not.</summary>
    public long OfferedCount { get; private set; }

    public List<RangeHit> Taken { get; } = [];

    public void Offer(int query, int position, double distance)
    {
        OfferedCount++;
        if ((float)distance <= largestDistance) Taken.Add(new RangeHit(query, position, distance));
    }
}
