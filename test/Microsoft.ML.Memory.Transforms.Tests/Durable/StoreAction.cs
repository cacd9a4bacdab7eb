// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Transforms.Tests;

/// <summary>What was done to a store.</summary>
public enum StoreAction
{
    Create,
    Write,
    Cut,
    FlushFile,
    Rename,
    Delete,
    FlushNames,

    /// <summary>Not done to the store: somebody was told that a change is kept.</summary>
    Acknowledge,
}
