// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Text;
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
    public void Licences_of_the_bundled_packages_are_served_and_none_of_the_tools()
    {
        if (PageFiles.OfResources().Find("licenses.txt") is not { } file)
        {
            Assert.Inconclusive("The page must be built into the server. It is not: npm could not bundle it.");
            return;
        }

        string text = Encoding.UTF8.GetString(file.Content);
        JsonObject used = JsonNode.Parse(File.ReadAllText(Path.Combine(Tree.Page, "package.json")))!
            ["dependencies"]!.AsObject();

        string[] missing =
        [
            .. used.Where(each => !text.Contains($"\n{each.Key} {each.Value} (")).Select(each => each.Key),
        ];

        Assert.IsEmpty(missing);
        Assert.Contains("\nd3-interpolate ", text, "Packages that packages need are in the bundle too.");
        Assert.Contains("Permission to use, copy, modify, and/or distribute this software", text);
        Assert.Contains("Permission is hereby granted, free of charge", text);
        Assert.DoesNotContain("\nesbuild ", text);
        Assert.DoesNotContain("\ntypescript ", text);
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
