// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>How many rows of a pass had a NaN or infinite feature.</summary>
/// <param name="Count">Rows that had one.</param>
/// <param name="First">Position of the first of them.</param>
/// <param name="Total">All rows.</param>
internal readonly record struct InvalidRows(long Count, long First, long Total)
{
    public InvalidRows After(long position, bool isFinite) => new(
        isFinite ? Count : Count + 1, isFinite || Count > 0 ? First : position, Total + 1);
}
