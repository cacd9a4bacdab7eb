// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Text.RegularExpressions;

namespace Microsoft.ML.Memory.Repository;

[TestClass]
public sealed partial class DocsTests
{
    private static readonly string[] _withCode = ["docs/", "src/"];

    [TestMethod]
    public void Links_lead_somewhere()
    {
        var dead =
            from page in Tree.Pages
            from Match link in Link().Matches(Tree.Read(page))
            let target = link.Groups["target"].Value
            where !target.Contains("://", StringComparison.Ordinal)
            where !Path.Exists(Path.Combine(Path.GetDirectoryName(Tree.Absolute(page))!, target))
            select $"{page}: {target}";

        Tree.AssertNone(dead, "A link must lead to a file of this repository.");
    }

    [TestMethod]
    public void Code_in_the_docs_compiles()
    {
        var snippets =
            from page in Tree.Pages
            where page == "README.md" || _withCode.Any(folder => page.StartsWith(folder, StringComparison.Ordinal))
            from Match block in CodeBlock().Matches(Tree.Read(page).ReplaceLineEndings("\n"))
            select (page, block.Groups["code"].Value);
        string[] errors = SnippetCompiler.Errors(snippets).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Tree.AssertNone(errors, "Every csharp block must compile with mlContext, train and test given.");
    }

    [TestMethod]
    public void Code_that_does_not_compile_is_found()
    {
        string good = SnippetCompiler.Errors("using System.Globalization;\nlong? rows = train.GetRowCount();");
        string bad = SnippetCompiler.Errors("mlContext.NoSuchMember();");
        string type = SnippetCompiler.Errors("var two = new Two();\n\npublic class Two\n{\n    int Value;\n}\n");

        Assert.AreEqual("", good);
        Assert.AreEqual("", type);
        Assert.Contains("CS1061", bad);
    }

    [GeneratedRegex(@"\]\((?<target>[^)#\s]+)(?:#[^)]*)?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^```csharp\n(?<code>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CodeBlock();
}
