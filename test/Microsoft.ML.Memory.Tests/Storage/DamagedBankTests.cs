// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Buffers.Binary;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.ML.Memory.Storage;

namespace Microsoft.ML.Memory.Tests.Storage;

[TestClass]
public sealed partial class DamagedBankTests
{
    /// <summary>Two pieces of the reader's 1 MiB, and some for messages.</summary>
    private const long MostBytes = 3 << 20;

    [TestMethod]
    public void Load_any_bit_flipped_is_refused_with_section_and_offset()
    {
        byte[] bytes = SavedBank.Save(SavedBank.Small());
        for (int place = 0; place < bytes.Length; place++)
        {
            foreach (byte flip in new byte[] { 1, 0x20, 0x80, 0xFF })
            {
                byte[] damaged = [.. bytes];
                damaged[place] ^= flip;

                AssertRefused(damaged, $"byte {place} flipped by {flip}");
            }
        }
    }

    [TestMethod]
    public void Load_any_truncation_is_refused_with_section_and_offset()
    {
        byte[] bytes = SavedBank.Save(SavedBank.Small());
        for (int length = 0; length < bytes.Length; length++)
        {
            string message = AssertRefused(bytes[..length], $"{length} bytes");
            StringAssert.EndsWith(message, $"must be complete. Got the end of the file at byte {length}.");
        }
    }

    [TestMethod]
    public void Load_other_file_is_refused()
    {
        byte[] bytes = SavedBank.Save(SavedBank.Small());
        bytes[0]++;

        Assert.AreEqual(
            "Section 'header' of the memory file, at byte 0, must start with the mark of a memory. Got other bytes.",
            AssertRefused(bytes, "other mark"));
    }

    [TestMethod]
    [DataRow(3u, 3u,
        "must be of version 1 to 2. Got version 3, which is newer. Load it with a newer version of this library.")]
    [DataRow(0u, 0u, "must be of version 1 or above. Got version 0 for readers from 0.")]
    [DataRow(1u, 2u, "must be of version 1 or above. Got version 1 for readers from 2.")]
    public void Load_other_version_is_refused(uint written, uint oldestReader, string message)
    {
        byte[] bytes = SavedBank.Save(SavedBank.Small());
        SetVersion(bytes, written, oldestReader);

        Assert.AreEqual("Section 'header' of the memory file, at byte 0, " + message, AssertRefused(bytes, "version"));
    }

    [TestMethod]
    public void Load_newer_version_that_old_readers_know_is_read()
    {
        byte[] bytes = SavedBank.Save(SavedBank.Small());
        byte[] newer = [.. bytes];
        SetVersion(newer, 9, 1);

        CollectionAssert.AreEqual(bytes, SavedBank.Save(SavedBank.Load(newer)));
    }

    [TestMethod]
    [DataRow(1L << 60)]
    [DataRow(long.MaxValue)]
    [DataRow(long.MinValue)]
    [DataRow(-8L)]
    [DataRow(int.MaxValue - 7L)]
    [DataRow(4L << 30)]
    public void Load_claimed_section_length_is_not_believed(long length)
    {
        byte[] bytes = SavedBank.Save(SavedBank.Small());
        foreach (string section in new[] { "bank", "ids", "sequences", "labels", "weights", "origins", "keys" })
        {
            byte[] damaged = [.. bytes];
            int place = damaged.AsSpan().IndexOf(Encoding.ASCII.GetBytes(section)) + section.Length;
            BinaryPrimitives.WriteInt64LittleEndian(damaged.AsSpan(place), length);

            StringAssert.StartsWith(AssertRefused(damaged, section), $"Section '{section}' ");
        }
    }

    [TestMethod]
    public void Load_forged_content_with_right_checksums_is_refused()
    {
        var honest = new ForgedBank();
        Assert.AreEqual(1, SavedBank.Load(honest.Bytes()).Count);

        AssertForged(
            honest with { Count = int.MaxValue }, "'ids'", "must hold 2147483647 values of 8 bytes. Got 8 bytes.");
        AssertForged(honest with { Count = -1 }, "'bank'", "must have at least 0 entries. Got -1.");
        AssertForged(
            honest with { Dimension = 1 << 20 }, "'keys'", "must hold 4194304 bytes for [1, 1048576] values. Got 8.");
        AssertForged(honest with { Dimension = 0 }, "'bank'", "must have a dimension in [1, 1048576]. Got 0.");
        AssertForged(
            honest with { Dimension = int.MaxValue },
            "'bank'",
            "must have a dimension in [1, 1048576]. Got 2147483647.");
        AssertForged(honest with { Metric = 3 }, "'bank'", "must have a known metric. Got 3.");
        AssertForged(honest with { Encoding = 4 }, "'bank'", "must have a known encoding of keys. Got 4.");
        AssertForged(
            honest with { Encoding = 3 },
            "'bank'",
            "must hold valid fields. Got Unable to read beyond the end of the stream.");
        AssertForged(honest with { Encoding = 1 }, "'keys'", "must hold 2 bytes for [1, 2] values. Got 8.");
        AssertForged(honest with { NextId = -1 }, "'bank'", "must have a next id of at least 0. Got -1.");
        AssertForged(
            honest with { NextSequence = -1 }, "'bank'", "must have a next sequence number of at least 0. Got -1.");
        AssertForged(
            honest with { HasMoreFields = true },
            "'bank'",
            "must have refused a graph of at least 2 entries. Got 0.");
        AssertForged(honest with { NextId = 0 }, "'ids'", "must be below the next id, 0. Got 0.");
        AssertForged(
            honest with { Ids = [long.MaxValue] }, "'ids'", "must be below the next id, 1. Got 9223372036854775807.");
        AssertForged(
            honest with { Sequences = [-1] }, "'sequences'", "must ascend from 0 and be below 1. Got -1 after -1.");
        AssertForged(
            honest with { Sequences = [1] }, "'sequences'", "must ascend from 0 and be below 1. Got 1 after -1.");
        AssertForged(honest with { Labels = [-5] }, "'labels'", "must be at least 0. Got -5.");
        AssertForged(honest with { Weights = [float.NaN] }, "'weights'", "must be finite and at least 0. Got NaN.");
        AssertForged(honest with { Weights = [-1] }, "'weights'", "must be finite and at least 0. Got -1.");
        AssertForged(honest with { Origins = [3] }, "'origins'", "must be known. Got 3.");
        AssertForged(honest with { Origins = [0, 0] }, "'origins'", "must hold 1 values of 1 bytes. Got 2 bytes.");
        AssertForged(
            honest with { Keys = [1, float.PositiveInfinity] },
            "'keys'",
            "must be finite. Got NaN or infinity in 1 rows.");
        AssertForged(honest with { Keys = [1, 2, 3] }, "'keys'", "must hold 8 bytes for [1, 2] values. Got 12.");
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Load_forged_codes_with_right_checksums_are_refused(bool keepVectors)
    {
        var settings = new QuantizedSettings { SubspaceCount = 1, KeepVectors = keepVectors };
        var honest = new ForgedBank { Quantization = settings };
        Assert.AreEqual(SearchStrategy.Quantized, SavedBank.Load(honest.Bytes()).Snapshot().Strategy);

        float[] bad = new float[2 * ProductQuantizer.CentroidCount];
        bad[300] = float.NegativeInfinity;
        AssertForged(
            honest with { Quantization = settings with { SubspaceCount = 3 } },
            "'bank'",
            "must have at most 2 subspaces. Got 3.");
        AssertForged(
            honest with { Quantization = settings with { SubspaceCount = -7, TrainingCount = 0 } },
            "'bank'",
            "must hold valid fields. Got QuantizedSettings.SubspaceCount must be null or in [1, 256]. Got -7. "
            + "QuantizedSettings.TrainingCount must be at least 1. Got 0.");
        AssertForged(
            honest with { HasMoreFields = true }, "'bank'", "must end after its last field. Got 4 more bytes.");
        AssertForged(honest with { Centroids = bad }, "'centroids'", "must be finite. Got NaN or infinity.");
        AssertForged(
            honest with { Centroids = [1] }, "'centroids'", "must hold 512 values of 4 bytes. Got 4 bytes.");
        AssertForged(
            honest with { Dimension = 1 << 20 },
            "'centroids'",
            "must hold 268435456 values of 4 bytes. Got 2048 bytes.");
        AssertForged(honest with { Codes = [1, 2] }, "'codes'", "must hold 1 bytes for [1, 1] codes. Got 2.");
        AssertForged(honest with { Codes = [] }, "'codes'", "must hold 1 bytes for [1, 1] codes. Got 0.");
        if (!keepVectors) return;
        AssertForged(honest with { Encoding = 3 }, "'bank'", "must have a known encoding of keys. Got 3.");
        AssertForged(
            honest with { Keys = [1, float.NaN] }, "'keys'", "must be finite. Got NaN or infinity in 1 rows.");
    }

    [TestMethod]
    public void Load_forged_duplicates_are_refused()
    {
        var honest = new ForgedBank
        {
            Count = 2,
            NextId = 2,
            NextSequence = 2,
            Ids = [0, 1],
            Sequences = [0, 1],
            Labels = [0, 0],
            Weights = [1, 1],
            Origins = [0, 0],
            Keys = [1, 2, 3, 4],
        };
        Assert.AreEqual(2, SavedBank.Load(honest.Bytes()).Count);

        AssertForged(honest with { Ids = [1, 1] }, "'ids'", "must differ. Got 1 twice.");
        AssertForged(
            honest with { Sequences = [1, 1] }, "'sequences'", "must ascend from 0 and be below 2. Got 1 after 1.");
    }

    private static void AssertForged(ForgedBank forged, string section, string message)
    {
        string actual = AssertRefused(forged.Bytes(), message);

        StringAssert.StartsWith(actual, $"Section {section} of the memory file, at byte ");
        StringAssert.EndsWith(actual, ", " + message);
    }

    private static string AssertRefused(byte[] bytes, string what)
    {
        var stream = new MemoryStream(bytes);
        long before = GC.GetAllocatedBytesForCurrentThread();
        InvalidDataException error = Assert.ThrowsExactly<InvalidDataException>(() => MemoryBank.Load(stream), what);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.IsLessThan(MostBytes, allocated, what);
        Assert.MatchesRegex(Located(), error.Message, what);
        return error.Message;
    }

    private static void SetVersion(byte[] bytes, uint written, uint oldestReader)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), written);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(12), oldestReader);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(16), SectionFormat.Checksum(0, bytes.AsSpan(0, 16)));
    }

    [GeneratedRegex(@"^(Section '[a-z]+'|The end) of the memory file, at byte \d+, must .*\. Got .*\.$")]
    private static partial Regex Located();
}
