// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory;

namespace MemoryServe;

/// <summary>A place in the plane for every entry.</summary>
internal sealed record Places(float[] X, float[] Y)
{
    public static Places Of(EntryMap map) => new(map.X.ToArray(), map.Y.ToArray());
}
