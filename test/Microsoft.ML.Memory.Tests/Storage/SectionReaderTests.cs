// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Storage;

namespace Microsoft.ML.Memory.Tests.Storage;

[TestClass]
public sealed class SectionReaderTests
{
    [TestMethod]
    public void Checksum_of_the_standard_text_is_the_published_one()
    {
        Assert.AreEqual(0xE3069283u, SectionFormat.Checksum(0, "123456789"u8));
        Assert.AreEqual(0xE3069283u, SectionFormat.Checksum(SectionFormat.Checksum(0, "1234"u8), "56789"u8));
    }

    [TestMethod]
    public void Write_of_more_bytes_than_can_be_read_again_is_refused()
    {
        Assert.AreEqual(0x7FFF_FFC0, SectionWriter.BytesOf("ids", 0x0FFF_FFF8, sizeof(long)));
        Refusal.Assert<InvalidOperationException>(
            $"Section 'ids' of a memory file must be at most {Array.MaxLength} bytes long. Got 2147483648. "
            + "Share what it holds out among several files.",
            () => SectionWriter.BytesOf("ids", 1 << 28, sizeof(long)));
    }

    [TestMethod]
    [DataRow(new byte[] { 5, 65 }, "a text longer than the section")]
    [DataRow(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0x0F }, "a negative length")]
    [DataRow(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF }, "a length of too many bytes")]
    public void Read_forged_text_is_refused(byte[] content, string what)
    {
        SectionReader reader = Reader("text", content);

        InvalidDataException error = Assert.ThrowsExactly<InvalidDataException>(
            () => reader.Read("text", fields => fields.ReadString()), what);

        StringAssert.StartsWith(
            error.Message, "Section 'text' of the memory file, at byte 20, must hold valid fields. Got ", what);
    }

    [TestMethod]
    public void Read_other_section_than_comes_next_is_refused()
    {
        SectionReader reader = Reader("text", []);

        InvalidDataException error = Assert.ThrowsExactly<InvalidDataException>(() => reader.ReadAll<byte>("keys"));

        Assert.AreEqual(
            "Section 'keys' of the memory file, at byte 20, must come next. Got another section.", error.Message);
    }

    [TestMethod]
    public void Read_section_behind_the_last_is_refused()
    {
        SectionReader reader = Reader("text", []);
        Assert.HasCount(0, reader.ReadAll<byte>("text"));

        InvalidDataException error = Assert.ThrowsExactly<InvalidDataException>(() => reader.ReadAll<byte>("keys"));

        Assert.AreEqual("Section 'keys' of the memory file, at byte 38, must come next. Got the end.", error.Message);
    }

    [TestMethod]
    public void EndFile_before_the_last_section_is_refused()
    {
        SectionReader reader = Reader("text", []);

        InvalidDataException error = Assert.ThrowsExactly<InvalidDataException>(reader.EndFile);

        Assert.AreEqual("The end of the memory file, at byte 20, must come next. Got another section.", error.Message);
    }

    [TestMethod]
    public void ReadAll_length_that_is_no_multiple_is_refused()
    {
        SectionReader reader = Reader("text", [1, 2, 3]);

        InvalidDataException error = Assert.ThrowsExactly<InvalidDataException>(() => reader.ReadAll<int>("text"));

        Assert.AreEqual(
            "Section 'text' of the memory file, at byte 20, must be a multiple of 4 bytes long. Got 3.", error.Message);
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(SectionFormat.PieceBytes / 8)]
    [DataRow(SectionFormat.PieceBytes / 8 * 5 + 3)]
    public void ReadAll_gives_what_was_written_however_long(int count)
    {
        long[] values = [.. Enumerable.Range(0, count).Select(value => value * 0x1_0000_0001L)];
        using var stream = new MemoryStream();
        var writer = new SectionWriter(stream);
        writer.Write("values", values);
        writer.Write("name", fields => fields.Write("käse"));
        writer.End();
        stream.Position = 0;
        var reader = new SectionReader(stream);

        CollectionAssert.AreEqual(values, reader.ReadAll<long>("values"));
        Assert.AreEqual("käse", reader.Read("name", fields => fields.ReadString()));
        reader.EndFile();
        Assert.AreEqual(stream.Length, stream.Position);
    }

    private static SectionReader Reader(string name, byte[] content)
    {
        var stream = new MemoryStream();
        var writer = new SectionWriter(stream);
        writer.Write(name, content);
        writer.End();
        stream.Position = 0;
        return new SectionReader(stream);
    }
}
