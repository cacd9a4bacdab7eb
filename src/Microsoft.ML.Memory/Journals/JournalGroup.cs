// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Changes that were written together: all of them are there, or none.</summary>
/// <param name="FirstSequence">Sequence number of the first change.</param>
/// <param name="Changes">The changes, at least one.</param>
internal readonly record struct JournalGroup(long FirstSequence, IReadOnlyList<JournalChange> Changes);
