// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>The true label of an entry.</summary>
/// <param name="id">Id of the entry.</param>
/// <param name="label">Its one label.</param>
internal sealed class CorrectChange(long id, ChangeLabels label) : MemoryChange
{
    public long Id { get; } = id;

    public ChangeLabels Label { get; } = label;
}
