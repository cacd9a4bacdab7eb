// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>One change as a journal keeps it.</summary>
/// <param name="Kind">What the content is; the journal does not know.</param>
/// <param name="Content">The bytes that say what is changed.</param>
internal readonly record struct JournalChange(byte Kind, ReadOnlyMemory<byte> Content);
