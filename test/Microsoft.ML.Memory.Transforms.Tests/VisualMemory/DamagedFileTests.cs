// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Buffers.Binary;
using System.Numerics;
using System.Reflection;

namespace Microsoft.ML.Memory.Transforms.Tests;

[TestClass]
public sealed class DamagedFileTests
{
    private readonly MLContext _mlContext = new(seed: 0);
    private string _folder = "";

    private string Good => Path.Combine(_folder, "good.zip");

    private string Bad => Path.Combine(_folder, "bad.zip");

    [TestInitialize]
    public void SaveModel()
    {
        _folder = Directory.CreateTempSubdirectory("memory-ml-").FullName;
        IDataView train = Points.View(_mlContext, Points.Draw(20, seed: 1));
        _mlContext.Model.Save(Points.Pipeline(_mlContext).Fit(train), train.Schema, Good);
    }

    [TestCleanup]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void Any_flipped_byte_of_the_memory_is_noticed()
    {
        int length = ModelFiles.MemoryStreamOf(Good).Length;
        for (int offset = 0; offset < length; offset++)
        {
            ModelFiles.Rewrite(Good, Bad, bytes => Flip(bytes, offset));

            Exception root = LoadError();

            Assert.IsInstanceOfType<InvalidDataException>(root, $"byte {offset}: {root.Message}");
            File.Delete(Bad);
        }
    }

    [TestMethod]
    public void Any_truncation_of_the_memory_is_noticed()
    {
        int length = ModelFiles.MemoryStreamOf(Good).Length;
        for (int kept = 0; kept < length; kept += 7)
        {
            ModelFiles.Rewrite(Good, Bad, bytes => bytes[..kept]);

            Exception root = LoadError();

            Assert.IsInstanceOfType<InvalidDataException>(root, $"{kept} bytes: {root.Message}");
            File.Delete(Bad);
        }
    }

    [TestMethod]
    public void A_truncated_model_file_does_not_load()
    {
        byte[] bytes = File.ReadAllBytes(Good);
        File.WriteAllBytes(Bad, bytes[..(bytes.Length / 2)]);

        Assert.ThrowsExactly<FormatException>(() => _mlContext.Model.Load(Bad, out _));
    }

    [TestMethod]
    public void A_model_from_a_newer_version_says_so()
    {
        ModelFiles.Rewrite(Good, Bad, bytes =>
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), 1000);
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(12), 1000);
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(16), Checksum(bytes.AsSpan(0, 16)));
            return bytes;
        });

        Assert.AreEqual(
            "Section 'header' of the memory file, at byte 0, must be of version 1 to 2. "
            + "Got version 1000, which is newer. Load it with a newer version of this library.",
            LoadError().Message);
    }

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes) crc = BitOperations.Crc32C(crc, value);
        return ~crc;
    }

    private static byte[] Flip(byte[] bytes, int offset)
    {
        bytes[offset] ^= 0x40;
        return bytes;
    }

    private Exception LoadError()
    {
        Exception? error = null;
        try
        {
            _mlContext.Model.Load(Bad, out _);
        }
        catch (Exception caught)
        {
            error = caught;
        }

        Assert.IsNotNull(error, "the damaged file was loaded");
        while (error is InvalidOperationException or TargetInvocationException or FormatException
            && error.InnerException is { } inner)
            error = inner;
        return error;
    }
}
