// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Trainers.Tests.Safetensors;

[TestClass]
public sealed class DraftTests
{
    [TestMethod]
    public void WriteFolder_that_fails_leaves_nothing()
    {
        using var folder = new TemporaryFolder();

        Assert.ThrowsExactly<InvalidOperationException>(() => Draft.WriteFolder(folder.File("adapter"), target =>
        {
            Draft.WriteText(Path.Combine(target, "first.json"), "{}");
            throw new InvalidOperationException();
        }));

        Assert.IsEmpty(Directory.GetFileSystemEntries(folder.Path));
    }

    [TestMethod]
    public void WriteFile_that_fails_leaves_the_old_file()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("config.json");
        Draft.WriteText(path, "old");

        Assert.ThrowsExactly<InvalidOperationException>(() => Draft.WriteFile(path, file =>
        {
            file.WriteByte(1);
            throw new InvalidOperationException();
        }));

        Assert.AreEqual("old", File.ReadAllText(path));
        Assert.HasCount(1, Directory.GetFileSystemEntries(folder.Path));
    }
}
