// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>The layout of a clustered index's file.</summary>
/// <remarks>
/// <para>Little-endian. Two header slots of 4,096 bytes (<see cref="IndexHeader"/>), the valid one with the highest
/// generation counts. From byte 16,384 the base, which never changes once the file has its name: ids by slot (i64),
/// ids in ascending order with their slots (i64, i32), heads [m, d] (f32), postings, the home of each slot (i32), list
/// table (offset i64, length i32, of these at home i32); each on a boundary of 64 bytes. Then a checksum for each
/// 16,384 bytes of the base, from a boundary of 16,384 bytes. Then, from a boundary of 4,096 bytes, the log:
/// <see cref="ChangeLog"/>.</para>
/// <para>By inner product the reach of each list (f32, <see cref="ListReaches"/>) is between postings and homes.</para>
/// <para>A posting is a slot (i32) and the vector as it was given (f32 [d]). A list has first the entries whose nearest
/// head is the list's, which is their home, by slot, then replicas, nearest first. Checksums are CRC-32C.</para>
/// <para>Version 1 has no homes, version 2 no reaches. By other metrics files are of version 2.</para>
/// </remarks>
internal static class IndexFormat
{
    public const uint Version = 3;
    public const uint FirstWithHomes = 2;
    public const uint FirstWithReaches = 3;
    public const uint OldestReader = 1;
    public const int SlotBytes = 4096;
    public const int PageBytes = 16_384;
    public const int BodyStart = PageBytes;
    public const int SectionAlignment = 64;
    public const int SortedIdBytes = sizeof(long) + sizeof(int);
    public const int ListBytes = sizeof(long) + sizeof(int) + sizeof(int);

    public static ReadOnlySpan<byte> Magic => "MEMORYIX"u8;

    public static int PostingBytes(int dimension) => sizeof(int) + (dimension * sizeof(float));

    public static long Align(long offset, int alignment) => (offset + alignment - 1) / alignment * alignment;

    public static InvalidDataException Error(string section, long offset, string constraint, string got)
        => new($"Section '{section}' of the index file, at byte {offset}, {constraint}. Got {got}.");
}
