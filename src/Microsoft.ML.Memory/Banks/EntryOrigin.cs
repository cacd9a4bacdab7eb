// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Where an entry came from.</summary>
public enum EntryOrigin : byte
{
    /// <summary>Given with its true label.</summary>
    Source = 0,

    /// <summary>Added while adapting, with a label that was predicted.</summary>
    Adapted = 1,

    /// <summary>Added after its prediction, with its true label.</summary>
    Feedback = 2,
}
