// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Transforms.Tests;

/// <summary>One thing that was done to a store.</summary>
/// <param name="Action">What.</param>
/// <param name="File">Number of the file; -1 where it is about names only.</param>
internal sealed record StoreEvent(StoreAction Action, int File = -1)
{
    public string Name { get; init; } = "";

    public string To { get; init; } = "";

    public byte[] Bytes { get; init; } = [];

    public long Offset { get; init; }

    /// <summary>Ways to be interrupted: a write may end after any of its bytes.</summary>
    public int StepCount => Action switch
    {
        StoreAction.Write => Math.Max(1, Bytes.Length),
        StoreAction.Acknowledge => 0,
        _ => 1,
    };
}
