// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Says that a model file holds all changes up to one.</summary>
/// <param name="LastSequence">Sequence number of the last change that it holds.</param>
/// <param name="ModelHash">SHA-256 of the model file.</param>
internal sealed record JournalCompaction(long LastSequence, byte[] ModelHash);
