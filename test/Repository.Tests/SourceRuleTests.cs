// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Text.RegularExpressions;

namespace Microsoft.ML.Memory.Repository;

[TestClass]
public sealed partial class SourceRuleTests
{
    private const string Header =
        "// Licensed under the MIT License. See LICENSE in the project root for license information.";
    private const int LongestFile = 400;
    private const int LongestLine = 120;

    private static readonly string[] _binary = [".snk", ".zip", ".png", ".bin", ".npy", ".npz", ".onnx", ".gz"];

    [TestMethod]
    public void Sources_start_with_the_license_line() =>
        Tree.AssertNone(
            Tree.Sources.Where(f => !Tree.Lines(f).Take(2).Contains(Header)),
            $"The first line, or the second of a generated file, must be '{Header}'.");

    [TestMethod]
    public void Sources_stay_short_enough_to_read() =>
        Tree.AssertNone(
            from file in Tree.Sources
            let length = Tree.Lines(file).Length
            where length > LongestFile
            select $"{file}: {length}",
            $"A source file must have at most {LongestFile} lines, and should have at most 300.");

    [TestMethod]
    public void Sources_keep_to_the_width_of_a_page() =>
        Tree.AssertNone(
            from file in Tree.Sources
            where !file.EndsWith(".g.cs", StringComparison.Ordinal)
            from line in Tree.Lines(file).Index()
            where line.Item.Length > LongestLine
            select $"{file}:{line.Index + 1}: {line.Item.Length}",
            $"A line must have at most {LongestLine} columns, but in generated files.");

    [TestMethod]
    public void Sources_are_the_same_for_both_flavours() =>
        Tree.AssertNone(
            Find(Tree.Sources.Where(IsFlavourless), Conditional()), "src, examples and test must not use #if.");

    [TestMethod]
    public void Src_does_not_name_the_stand_ins() =>
        Tree.AssertNone(
            Find(Tree.Files.Where(f => f.StartsWith("src/", StringComparison.Ordinal)), StandIn()),
            "Nothing in src may name compat.");

    [TestMethod]
    public void Text_names_no_package_registry() =>
        Tree.AssertNone(Find(TextFiles(), Registry()), "Feeds are the business of the machine's own configuration.");

    [TestMethod]
    public void Text_names_no_path_of_a_machine() =>
        Tree.AssertNone(Find(TextFiles(), MachinePath()), "A path must be relative to the repository.");

    [TestMethod]
    [DataRow("#if COMPAT", "Conditional")]
    [DataRow("see compat/Microsoft.ML.Core", "StandIn")]
    [DataRow("a feed of nuget%org", "Registry")]
    [DataRow("%home/someone/data", "MachinePath")]
    [DataRow("C:%Users%someone", "MachinePath")]
    public void Patterns_find_what_they_are_for(string template, string pattern)
    {
        string separator = pattern == "Registry" ? "." : template.Contains(':') ? "\\" : "/";
        string text = template.Replace("%", separator, StringComparison.Ordinal);
        Regex regex = pattern switch
        {
            "Conditional" => Conditional(),
            "StandIn" => StandIn(),
            "Registry" => Registry(),
            _ => MachinePath(),
        };

        Assert.IsTrue(regex.IsMatch(text), $"{pattern} must match '{text}'.");
    }

    private static bool IsFlavourless(string file) =>
        new[] { "src/", "examples/", "test/" }.Any(folder => file.StartsWith(folder, StringComparison.Ordinal));

    private static IEnumerable<string> TextFiles() => Tree.Files.Where(f => !_binary.Contains(Path.GetExtension(f)));

    private static IEnumerable<string> Find(IEnumerable<string> files, Regex pattern) =>
        from file in files
        where !_binary.Contains(Path.GetExtension(file))
        from line in Tree.Lines(file).Select((text, index) => (Text: text, Number: index + 1))
        where pattern.IsMatch(line.Text)
        select $"{file}:{line.Number}: {line.Text.Trim()}";

    [GeneratedRegex(@"^\s*#if\b")]
    private static partial Regex Conditional();

    [GeneratedRegex(@"\bcompat\b|\bCompat\.", RegexOptions.IgnoreCase)]
    private static partial Regex StandIn();

    [GeneratedRegex(@"nuget\.org|pkgs\.dev\.azure|myget\.org|nuget\.pkg\.github", RegexOptions.IgnoreCase)]
    private static partial Regex Registry();

    [GeneratedRegex(@"(?<![\w.$}/])/(?:work|root|home|Users|tmp|mnt)/|\b[A-Z]:\\\w")]
    private static partial Regex MachinePath();
}
