// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Rows of a build with their slots: each row's place in the order of adding.</summary>
/// <param name="Slots">n slots; the rows of a build have those from 0 on, in any order.</param>
/// <param name="Ids">n ids.</param>
/// <param name="Vectors">[n, d], row-major.</param>
internal readonly record struct SlottedBatch(
    ReadOnlyMemory<int> Slots, ReadOnlyMemory<long> Ids, ReadOnlyMemory<float> Vectors);
