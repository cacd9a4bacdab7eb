// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.Indexes.Clustered;

[TestClass]
public sealed class ClusteredNameTests
{
    private readonly IndexFolder _folder = new();

    [TestCleanup]
    public void Clean() => _folder.Dispose();

    [TestMethod]
    public void Relative_path_is_kept_whole_so_that_another_working_directory_does_not_matter()
    {
        string path = _folder.NewPath();
        string relative = Path.GetRelativePath(Environment.CurrentDirectory, path);
        Assert.AreNotEqual(path, relative);

        using (ClusteredIndex index = ClusteredIndex.Create(relative, 1)) Assert.AreEqual(path, index.FilePath);
        using (ClusteredIndex index = ClusteredIndex.Open(relative)) Assert.AreEqual(path, index.FilePath);
        using (ClusteredIndex index = ClusteredIndex.Build(relative, [], 1)) Assert.AreEqual(path, index.FilePath);
    }

    [TestMethod]
    public void Link_to_a_file_is_followed_and_stays()
    {
        string path = _folder.NewPath(), link = _folder.NewPath();
        ClusteredIndex.Create(path, 1).Dispose();
        try
        {
            File.CreateSymbolicLink(link, path);
        }
        catch (IOException)
        {
            Assert.Inconclusive("This system does not let the test make a symbolic link.");
        }

        using (ClusteredIndex index = ClusteredIndex.Open(link))
        {
            index.Add([1], [1]);
            index.Compact();
        }

        Assert.AreEqual(path, File.ResolveLinkTarget(link, returnFinalTarget: true)?.FullName);
        using ClusteredIndex again = ClusteredIndex.Open(path);
        Assert.AreEqual(1, again.Count);
    }

    [TestMethod]
    public void File_that_was_replaced_after_opening_no_longer_has_its_name()
    {
        string path = _folder.NewPath(), other = _folder.NewPath();
        File.WriteAllText(path, "one");
        using IndexFile file = IndexFile.Open(path, null);
        Assert.IsTrue(file.HasName(path));

        File.WriteAllText(other, "another");
        File.Move(other, path, overwrite: true);

        Assert.IsFalse(file.HasName(path));
    }

    [TestMethod]
    public void Create_beside_another_creation_does_not_replace_its_file()
    {
        string path = _folder.NewPath();
        bool isFirst = true;
        void Gate(Microsoft.Win32.SafeHandles.SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset)
        {
            if (isFirst) File.WriteAllText(path, "another");
            isFirst = false;
        }

        Assert.ThrowsExactly<IOException>(() => ClusteredIndex.Create(path, 1, Metric.Cosine, null, Gate));

        Assert.AreEqual("another", File.ReadAllText(path));
        Assert.HasCount(1, _folder.Files());
    }

    [TestMethod]
    public void Replacing_that_spares_an_open_file_renames_it_and_a_kill_in_between_loses_nothing()
    {
        string path = _folder.NewPath(), fresh = _folder.NewPath();
        using (ClusteredIndex index = ClusteredIndex.Create(path, 1)) index.Add([1], [1]);
        byte[] former = File.ReadAllBytes(path);
        int step = 0;
        void KillAtTheSecondStep(Microsoft.Win32.SafeHandles.SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset)
        {
            if (++step == 2) throw new OperationCanceledException();
        }

        using (IndexFile file = IndexFile.Create(fresh, KillAtTheSecondStep))
            Assert.ThrowsExactly<OperationCanceledException>(() => file.MoveTo(path, true, sparesOpen: true));
        Assert.IsFalse(File.Exists(path));
        using (ClusteredIndex index = ClusteredIndex.Open(path)) Assert.AreEqual(1, index.Count);
        using (IndexFile file = IndexFile.Create(fresh, null)) file.MoveTo(path, true, sparesOpen: true);

        Assert.AreEqual(0, new FileInfo(path).Length);
        CollectionAssert.AreEqual(former, File.ReadAllBytes(path + IndexFile.AsideSuffix));
        Assert.IsFalse(File.Exists(fresh));
    }

    [TestMethod]
    public void Empty_path_is_refused()
    {
        Assert.ThrowsExactly<ArgumentException>(() => ClusteredIndex.Open(""));
        Assert.ThrowsExactly<ArgumentException>(() => ClusteredIndex.Create("", 1));
        Assert.ThrowsExactly<ArgumentException>(() => ClusteredIndex.Build("", [], 1));
    }

    [TestMethod]
    public void Closing_makes_the_log_last_before_a_header_vouches_for_it()
    {
        string path = _folder.NewPath();
        var settings = new ClusteredSettings { FlushEachChange = false };
        ClusteredIndex.Create(path, 1, Metric.Cosine, settings).Dispose();
        var writes = new List<long>();
        using (ClusteredIndex index = ClusteredIndex.Open(path, (_, _, offset) => writes.Add(offset)))
        {
            index.Add([1], [1]);
            writes.Clear();
        }

        CollectionAssert.AreEqual(new long[] { -1, IndexFormat.SlotBytes }, writes);
    }
}
