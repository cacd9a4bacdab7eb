// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.Journals;

[TestClass]
public sealed class FolderFilesTests
{
    private string _folder = "";

    [TestInitialize]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("memory-ml-").FullName;

    [TestCleanup]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void Erase_leaves_neither_bytes_nor_file()
    {
        var files = new FolderFiles(_folder);
        File.WriteAllBytes(Path.Combine(_folder, "secret"), [1, 2, 3]);
        using Stream held = files.OpenRead("secret");

        files.Erase("secret");
        files.Erase("none");

        byte[] left = new byte[3];
        held.ReadExactly(left);
        CollectionAssert.AreEqual(new byte[3], left);
        Assert.IsEmpty(Directory.GetFiles(_folder));
    }

    [TestMethod]
    public void Lock_lasts_until_it_is_disposed()
    {
        var files = new FolderFiles(_folder);
        using (files.Lock("lock")) Assert.ThrowsExactly<IOException>(() => files.Lock("lock").Dispose());
        files.Lock("lock").Dispose();
    }

    [TestMethod]
    public void Flush_of_a_folder_that_is_gone_is_refused()
    {
        if (OperatingSystem.IsWindows()) Assert.Inconclusive("Folders are not flushed on Windows.");
        string missing = Path.Combine(_folder, "none");

        Refusal.Assert<IOException>(
            $"The folder '{missing}' must be flushed to disk. Got: No such file or directory.",
            () => new FolderFiles(missing).Flush());
    }

    [TestMethod]
    public void A_stored_stream_reads_what_it_wrote()
    {
        var files = new FolderFiles(_folder);
        using IStoredFile file = files.Create("stream");
        using var stream = new StoredStream(file);
        stream.Write([1, 2, 3, 4]);
        stream.Seek(-3, SeekOrigin.End);
        stream.Write([9]);
        stream.SetLength(3);
        stream.Position = 0;
        byte[] read = new byte[5];

        int count = stream.Read(read);

        Assert.AreEqual(3, count);
        CollectionAssert.AreEqual(new byte[] { 1, 9, 3, 0, 0 }, read);
        Assert.ThrowsExactly<EndOfStreamException>(() => file.ReadAll(new byte[2], 2));
    }
}
