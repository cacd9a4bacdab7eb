// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Takes the records of a sort in the order of their keys.</summary>
internal delegate void SpillVisitor(ulong major, uint minor, ReadOnlySpan<byte> payload);
