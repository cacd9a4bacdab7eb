// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Xml.Linq;

namespace Microsoft.ML.Memory.Repository;

[TestClass]
public sealed class ProjectRuleTests
{
    private static IEnumerable<string> Projects => Tree.Files.Where(f => Path.GetExtension(f) == ".csproj");

    [TestMethod]
    public void Solution_lists_every_project()
    {
        string solution = Tree.Read("Memory.ML.sln").Replace('\\', '/');

        Tree.AssertNone(Projects.Where(p => !solution.Contains($"\"{p}\"", StringComparison.Ordinal)),
            "Every project must be in Memory.ML.sln. Add it with dotnet sln add.");
    }

    [TestMethod]
    public void Packages_have_one_version_each_for_the_whole_tree()
    {
        HashSet<string> central = [.. Items("Directory.Packages.props", "PackageVersion").Select(Include)];
        var files = Tree.Files.Where(f => Path.GetExtension(f) is ".csproj" or ".props" or ".targets");
        var wrong =
            from file in files
            from item in Items(file, "PackageReference")
            let own = item.Attribute("Version") ?? item.Attribute("VersionOverride")
            where !central.Contains(Include(item)) || own is not null
            select $"{file}: {Include(item)}";

        Assert.IsNotEmpty(central);
        Tree.AssertNone(wrong, "A PackageReference must take its version from Directory.Packages.props.");
    }

    [TestMethod]
    public void Gate_runs_what_the_readme_says()
    {
        string readme = Tree.Read("README.md"), gate = Tree.Read(".ci/run");

        Assert.Contains("dotnet run build.cs demo", readme);
        Assert.Contains("dotnet run build.cs test", readme);
        Assert.Contains("dotnet run build.cs test", gate);
        Assert.Contains("dotnet format Memory.ML.sln --verify-no-changes", gate);
    }

    [TestMethod]
    public void Stand_ins_are_not_packed() =>
        Tree.AssertNone(
            Projects.Where(p => !p.StartsWith("src/Microsoft.ML.Memory", StringComparison.Ordinal))
                .Where(p => XElement.Load(Tree.Absolute(p)).Descendants("IsPackable").Any(e => (bool)e)),
            "Only projects in src/Microsoft.ML.Memory* may be packed.");

    private static IEnumerable<XElement> Items(string file, string kind) =>
        XElement.Load(Tree.Absolute(file)).Descendants(kind).Where(e => e.Attribute("Include") is not null);

    private static string Include(XElement item) => (string)item.Attribute("Include")!;
}
