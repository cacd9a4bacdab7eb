// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>A sorted run in a file: where it starts and how many records it has.</summary>
internal readonly record struct SpillRun(long Offset, int Count);
