// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Repository;

[TestClass]
public sealed class SettingsTests
{
    /// <summary>People keep their trees in folders like ~/src and ~/test.</summary>
    [TestMethod]
    [DataRow("examples", "CS1591")]
    [DataRow("src", "")]
    [DataRow("test", "CS1591 NU1603")]
    public void Warnings_that_are_off_do_not_depend_on_the_folders_above_the_tree(string part, string expected)
    {
        DirectoryInfo above = Directory.CreateTempSubdirectory("settings");
        try
        {
            string project = above.CreateSubdirectory($"src/test/tree/{part}/Any").FullName;
            File.Copy(Tree.Absolute("Directory.Build.props"), Path.Combine(project, "../../Directory.Build.props"));
            File.WriteAllText(Path.Combine(project, "Any.csproj"), """<Project Sdk="Microsoft.NET.Sdk" />""");

            string off = PackedPackages.Succeed(project, "msbuild", "-nologo", "-getProperty:NoWarn");

            string[] rules = [.. off.Trim().Split(';').Where(rule => rule is "CS1591" or "NU1603")];
            Assert.AreEqual(expected, string.Join(' ', rules));
        }
        finally
        {
            above.Delete(recursive: true);
        }
    }

    /// <summary>The docs start the server with the path of a model, and build.cs passes one on.</summary>
    [TestMethod]
    public void Server_runs_in_the_folder_that_it_is_called_from()
    {
        string project = Tree.Absolute("examples/Serve");

        string folder = PackedPackages.Succeed(
            project, "msbuild", "Serve.csproj", "-nologo", "-getProperty:RunWorkingDirectory");

        Assert.AreEqual("", folder.Trim());
    }
}
