// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.InteropServices;

namespace Microsoft.ML.Memory;

/// <summary>Where a posting list is, as the file has it.</summary>
/// <param name="Offset">Byte of its first posting.</param>
/// <param name="Count">Postings.</param>
/// <param name="PrimaryCount">Of these the first that many are entries whose nearest head is the list's.</param>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal readonly record struct ListPlace(long Offset, int Count, int PrimaryCount);
