// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.Win32.SafeHandles;

namespace Microsoft.ML.Memory;

/// <summary>Is told of every write before it happens and may refuse it by throwing.</summary>
/// <param name="file">The file as it is before the write.</param>
/// <param name="bytes">What is about to be written; empty where the file is about to be flushed or renamed.</param>
/// <param name="offset">Where.</param>
internal delegate void WriteGate(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset);
