// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Trainers.Tests.Safetensors;

[TestClass]
public sealed class MappedBytesTests
{
    private readonly TemporaryFolder _folder = new();
    private readonly byte[] _stored = new byte[(3 * 4096) + 5];
    private string _path = "";

    [TestInitialize]
    public void WriteFile()
    {
        new Random(1).NextBytes(_stored);
        _path = _folder.File("bytes");
        File.WriteAllBytes(_path, _stored);
    }

    [TestCleanup]
    public void DeleteFolder() => _folder.Dispose();

    [TestMethod]
    [DataRow(0, 12293)]
    [DataRow(4095, 2)]
    [DataRow(1, 12292)]
    [DataRow(12292, 1)]
    [DataRow(12293, 0)]
    public void Read_gives_the_bytes_that_are_stored(int offset, int count)
    {
        using var bytes = new MappedBytes(_path);
        byte[] read = new byte[count];

        bytes.Read(offset, read);

        CollectionAssert.AreEqual(_stored[offset..(offset + count)], read);
    }

    [TestMethod]
    [DataRow(-1, 1)]
    [DataRow(12293, 1)]
    [DataRow(12290, 4)]
    [DataRow(0, 12294)]
    [DataRow(long.MaxValue, 1)]
    [DataRow(long.MinValue, 1)]
    public void Read_beyond_the_file_is_refused(long offset, int count)
    {
        using var bytes = new MappedBytes(_path);

        ArgumentOutOfRangeException error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => bytes.Read(offset, new byte[count]));

        Assert.AreEqual("offset", error.ParamName);
        Assert.AreEqual(offset, error.ActualValue);
    }

    [TestMethod]
    public void Read_while_another_thread_disposes_gives_the_bytes_or_says_so()
    {
        for (int round = 0; round < 50; round++)
        {
            using var bytes = new MappedBytes(_path);
            Task closing = Task.Run(bytes.Dispose);
            byte[] read = new byte[_stored.Length];
            try
            {
                while (true)
                {
                    bytes.Read(0, read);
                    Assert.IsTrue(read.AsSpan().SequenceEqual(_stored), $"round {round}");
                }
            }
            catch (ObjectDisposedException)
            {
                closing.Wait();
            }
        }
    }
}
