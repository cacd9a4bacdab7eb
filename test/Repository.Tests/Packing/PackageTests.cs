// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace Microsoft.ML.Memory.Repository;

[TestClass]
public sealed partial class PackageTests
{
    private static PackedPackages _packages = null!;

    public static IEnumerable<object[]> Names => PackedPackages.Names.Select(name => new object[] { name });

    [ClassInitialize]
    public static void Pack(TestContext context) => _packages = new PackedPackages();

    [ClassCleanup]
    public static void CleanUp() => _packages.Dispose();

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Package_holds_its_page_its_assembly_and_the_docs_alone(string name)
    {
        using PackageFile package = _packages.Open(name);

        Assert.AreEqual($"README.md lib/net10.0/{name}.dll lib/net10.0/{name}.xml", string.Join(' ', package.Files));
        Assert.StartsWith($"# {name}\n", package.Text("README.md"));
        Assert.Contains($"<name>{name}</name>", package.Text($"lib/net10.0/{name}.xml"));
        Assert.AreEqual("README.md", package.Value("readme"));
        Assert.AreEqual("MIT", package.Value("license"));
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Package_depends_on_what_the_decision_says(string name)
    {
        string page = Tree.Read("docs/decisions/0005-test-dependencies.md");
        string layer = name["Microsoft.ML.Memory".Length..] switch { "" => "core", var rest => rest[1..] };
        using PackageFile package = _packages.Open(name);

        Assert.AreEqual(string.Join(' ', Expected(layer)), string.Join(' ', package.Dependencies));
        string[] rows = [.. page.Split('\n').Where(row => row.Split('|') is [_, _, var where, ..]
            && where.Split(',', StringSplitOptions.TrimEntries).Contains(layer))];
        Tree.AssertNone(
            package.Dependencies.Except(PackedPackages.Names)
                .Where(id => !rows.Any(row => row.Contains(id, StringComparison.Ordinal))),
            $"The table of dependencies must have a row of {layer} with each.");
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Assembly_holds_its_symbols_and_repeats(string name)
    {
        using PackageFile package = _packages.Open(name);

        string[] sources = package.Sources($"lib/net10.0/{name}.dll");

        Assert.Contains(path => path.Contains($"/src/{name}/", StringComparison.Ordinal), sources);
        Assert.IsTrue(package.IsDeterministic($"lib/net10.0/{name}.dll"));
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Package_names_no_folder_of_the_machine_that_built_it(string name)
    {
        RequireRelease();
        using PackageFile package = _packages.Open(name);
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        string[] folders = [.. new[] { Tree.Root, home, Path.GetTempPath() }
            .Select(folder => Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar)
            .Where(folder => folder.Length > "C:\\".Length)];

        var found =
            from file in package.All()
            from folder in folders
            where Holds(file.Bytes, folder, Encoding.UTF8) || Holds(file.Bytes, folder, Encoding.Unicode)
            select $"{file.Name}: {folder}";
        var sources = package.Sources($"lib/net10.0/{name}.dll")
            .Where(path => !path.StartsWith("/_/", StringComparison.Ordinal));

        Assert.IsNotEmpty(folders);
        Tree.AssertNone(found.Concat(sources), "A release build must map the root to /_/.");
    }

    /// <summary>Compiles the core again, in another folder: a release is what its sources say, wherever it is made.
    /// </summary>
    [TestMethod]
    public void Assembly_is_the_same_byte_for_byte_when_built_elsewhere()
    {
        RequireRelease();
        const string name = "Microsoft.ML.Memory";
        using PackageFile package = _packages.Open(name);
        string elsewhere = _packages.MakeFolder("elsewhere");
        foreach (string file in Tree.Files.Where(IsOfCore).Append("flavour.props").Where(IsThere))
        {
            string target = Path.Combine(elsewhere, file);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(Tree.Absolute(file), target);
        }

        string built = Path.Combine(AppContext.BaseDirectory, name + ".dll");
        string revision = FileVersionInfo.GetVersionInfo(built).ProductVersion!.Split('+')[^1];
        PackedPackages.Succeed(elsewhere, "build", $"src/{name}", "-c", "Release", "-v:q", "-nologo",
            $"-p:SourceRevisionId={revision}", "-p:RunAnalyzers=false", "-p:NuGetAudit=false");

        byte[] again = File.ReadAllBytes(Path.Combine(elsewhere, "artifacts", "bin", name, "release", name + ".dll"));
        Assert.IsTrue(again.AsSpan().SequenceEqual(package.Bytes($"lib/net10.0/{name}.dll")));

        static bool IsOfCore(string file)
            => !file.Contains('/') || file.StartsWith($"src/{name}/", StringComparison.Ordinal)
                || file == "src/Directory.Build.props";

        static bool IsThere(string file) => File.Exists(Tree.Absolute(file));
    }

    [TestMethod]
    public void Fresh_project_on_the_packages_fits_saves_and_loads_in_another_process()
    {
        string folder = _packages.MakeFolder("consumer"), restored = _packages.MakeFolder("restored");
        ConsumerProject.Write(folder, _packages.Feed, restored, ConsumerProject.Program);

        PackedPackages.Succeed(folder, "build", "-c", "Release", "-v:q", "-nologo");
        string program = Path.Combine(folder, "bin", "Release", "net10.0", "Consumer.dll");
        string fitted = PackedPackages.Succeed(folder, program, "fit", "model.zip");
        string loaded = PackedPackages.Succeed(folder, program, "load", "model.zip");

        Assert.AreEqual(ConsumerProject.Answer, fitted);
        Assert.AreEqual(ConsumerProject.Answer, loaded);
        var ours = Directory.GetDirectories(restored, "microsoft.ml.memory*").Select(Path.GetFileName).Order();
        Assert.AreEqual("microsoft.ml.memory microsoft.ml.memory.transforms", string.Join(' ', ours));
    }

    [TestMethod]
    public void First_program_of_the_readme_prints_what_stands_below_it()
    {
        string folder = _packages.MakeFolder("readme"), restored = _packages.MakeFolder("restored");
        Match first = ProgramAndOutput().Match(Tree.Read("README.md").ReplaceLineEndings("\n"));
        ConsumerProject.Write(folder, _packages.Feed, restored, first.Groups["code"].Value);

        PackedPackages.Succeed(folder, "build", "-c", "Release", "-v:q", "-nologo");
        string printed = PackedPackages.Succeed(
            folder, Path.Combine(folder, "bin", "Release", "net10.0", "Consumer.dll"));

        Assert.AreEqual(first.Groups["output"].Value.Replace("    ", "", StringComparison.Ordinal), printed);
    }

    private static IEnumerable<string> Expected(string layer)
    {
        string host = BuildSettings.IsReal("HostFlavour") ? "Microsoft.ML" : "";
        string network = BuildSettings.IsReal("OnnxFlavour") ? "Microsoft.ML.OnnxRuntime.Managed" : "";
        string torch = BuildSettings.IsReal("TorchFlavour") ? "TorchSharp" : "";
        string[] ids = layer switch
        {
            "core" => ["System.Numerics.Tensors"],
            "Transforms" => ["Google.Protobuf", host, "Microsoft.ML.Memory", network],
            _ => [host, "Microsoft.ML.Memory.Transforms", torch],
        };
        return ids.Where(id => id != "");
    }

    private static bool Holds(byte[] bytes, string text, Encoding encoding)
        => bytes.AsSpan().IndexOf(encoding.GetBytes(text)) >= 0;

    private static void RequireRelease()
    {
        if (BuildSettings.Configuration != "Release")
            Assert.Inconclusive("A Debug build keeps the true paths of its sources, for debuggers.");
    }

    [GeneratedRegex(
        @"^```csharp\n(?<code>.*?)^```\n\n(?<output>(?:    [^\n]*\n)+)",
        RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex ProgramAndOutput();
}
