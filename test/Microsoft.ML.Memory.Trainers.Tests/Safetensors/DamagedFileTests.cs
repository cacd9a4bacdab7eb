// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Trainers.Tests.Golden;

namespace Microsoft.ML.Memory.Trainers.Tests.Safetensors;

[TestClass]
public sealed class DamagedFileTests
{
    private const int Trials = 20_000;

    [TestMethod]
    [DataRow("valid_04_order_differs")]
    [DataRow("valid_05_unicode_name_and_metadata")]
    [DataRow("valid_07_all_dtypes")]
    public void Read_after_random_damage_is_refused_or_whole(string name)
    {
        byte[] valid = File.ReadAllBytes(GoldenFiles.PathOf($"hostile/{name}.safetensors"));
        int headerEnd = 8 + (int)BitConverter.ToUInt64(valid);
        var random = new Random(20_261_121);
        int accepted = 0;
        for (int trial = 0; trial < Trials; trial++)
        {
            byte[] damaged = (byte[])valid.Clone();
            for (int left = random.Next(1, 4); left > 0; left--)
            {
                int place = random.Next(headerEnd);
                damaged[place] = random.Next(2) == 0
                    ? (byte)random.Next(256)
                    : (byte)(damaged[place] ^ (1 << random.Next(8)));
            }

            accepted += IsReadWhole(damaged) ? 1 : 0;
        }

        Assert.IsGreaterThan(0, accepted, "some damage changes no more than a name");
        Assert.IsLessThan(Trials, accepted, "some damage is seen");
    }

    [TestMethod]
    public void Read_cut_anywhere_is_refused()
    {
        byte[] valid = File.ReadAllBytes(GoldenFiles.PathOf("hostile/valid_07_all_dtypes.safetensors"));

        for (int length = 0; length < valid.Length; length++)
        {
            Assert.ThrowsExactly<InvalidDataException>(
                () => SafetensorsFile.Read(valid.AsMemory(0, length), "x"), $"cut at {length}");
        }
    }

    private static bool IsReadWhole(byte[] bytes)
    {
        try
        {
            using SafetensorsFile file = SafetensorsFile.Read(bytes, "x");
            long total = 0;
            foreach (TensorEntry entry in file.Tensors.Values)
            {
                byte[] content = new byte[entry.ByteLength];
                file.ReadBytes(entry.Name, 0, content);
                total += content.Length;
            }

            return total == bytes.Length - 8 - (long)BitConverter.ToUInt64(bytes)
                ? true
                : throw new AssertFailedException("a file that is accepted must have every byte in one tensor");
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }
}
