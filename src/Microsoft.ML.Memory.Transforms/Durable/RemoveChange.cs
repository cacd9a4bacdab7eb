// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Entries to forget, at least one.</summary>
/// <param name="ids">Ids of the entries.</param>
/// <param name="withDescendants">Whether entries whose label may go back to them go as well.</param>
internal sealed class RemoveChange(long[] ids, bool withDescendants) : MemoryChange
{
    public long[] Ids { get; } = ids;

    public bool WithDescendants { get; } = withDescendants;
}
