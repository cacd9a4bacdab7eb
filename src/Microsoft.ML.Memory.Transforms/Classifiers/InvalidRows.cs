// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>How many rows of a pass had something that is not as it should be, such as a NaN.</summary>
/// <param name="Count">Rows that had it.</param>
/// <param name="First">Position of the first of them.</param>
/// <param name="Total">All rows.</param>
internal readonly record struct InvalidRows(long Count, long First, long Total)
{
    public InvalidRows After(long position, bool isValid) => new(
        isValid ? Count : Count + 1, isValid || Count > 0 ? First : position, Total + 1);
}
