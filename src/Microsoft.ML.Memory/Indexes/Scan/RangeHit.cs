// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>A row within the distance of a query; a query's sort nearest first, equal ones by position.</summary>
internal readonly record struct RangeHit(int Query, int Position, double Distance) : IComparable<RangeHit>
{
    public int CompareTo(RangeHit other)
    {
        int order = Distance.CompareTo(other.Distance);
        return order != 0 ? order : Position.CompareTo(other.Position);
    }
}
