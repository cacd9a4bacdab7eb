// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Text.Json.Nodes;

namespace MemoryServe;

/// <summary>What the page is made of.</summary>
[TestClass]
public sealed class PackageTests
{
    public static IEnumerable<string> Folders => [Tree.Page, Tree.Tests];

    [TestMethod]
    public async Task Sources_of_the_page_have_sound_types()
    {
        if (await Chromium.CheckTypesAsync(Tree.Page) is not { } ending)
        {
            Assert.Inconclusive("The TypeScript compiler must be installed by npm. It is not.");
            return;
        }

        Assert.AreEqual(0, ending.ExitCode, ending.Output);
    }

    [TestMethod]
    [DynamicData(nameof(Folders))]
    public void Lock_file_pins_every_package_and_names_no_host(string folder)
    {
        string text = File.ReadAllText(Path.Combine(folder, "package-lock.json"));
        JsonObject packages = JsonNode.Parse(text)!["packages"]!.AsObject();

        string[] loose =
        [
            .. packages.Where(each => each.Key.Length > 0 && each.Value!["integrity"] is null).Select(each => each.Key),
        ];

        Assert.DoesNotContain("://", text);
        Assert.IsEmpty(loose);
        Assert.IsTrue(packages.Count > 1);
    }

    [TestMethod]
    [DynamicData(nameof(Folders))]
    public void Packages_have_exact_versions(string folder)
    {
        JsonNode package = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "package.json")))!;

        string[] ranges =
        [
            .. new[] { "dependencies", "devDependencies" }
                .SelectMany(kind => package[kind]?.AsObject() ?? [])
                .Where(each => !Version.TryParse((string?)each.Value, out _))
                .Select(each => each.Key),
        ];

        Assert.IsEmpty(ranges);
    }
}
