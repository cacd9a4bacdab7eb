// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data;

/// <summary>How many keys a key column has.</summary>
public sealed class KeyCount
{
    public ulong? Count;

    public KeyCount(ulong count)
    {
        if (count == 0)
            throw Marked.Argument(nameof(count), "The cardinality of valid key values must be strictly positive");
        Count = count;
    }
}
