// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Microsoft.ML.Memory.Repository;

/// <summary>Compiles a piece of the docs with the compiler of the SDK that runs us, against what was built.</summary>
/// <remarks>
/// A snippet is a method body. mlContext, train and test are given where it does not make its own. Using directives are
/// moved up, types that start at the left edge are moved out.
/// </remarks>
internal static partial class SnippetCompiler
{
    private static readonly (string Type, string Name)[] _given =
    [
        ("Microsoft.ML.MLContext", "mlContext"),
        ("Microsoft.ML.IDataView", "train"),
        ("Microsoft.ML.IDataView", "test"),
    ];

    private static readonly string[] _usings =
        ["System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Threading", "Microsoft.ML",
        "Microsoft.ML.Data"];

    /// <summary>The compiler's errors, or nothing.</summary>
    public static string Errors(string code) => Errors([("snippet", code)]);

    /// <summary>The compiler's errors of all snippets, each a file named after its page; or nothing.</summary>
    public static string Errors(IEnumerable<(string Page, string Code)> snippets)
    {
        string folder = Directory.CreateTempSubdirectory("snippet").FullName;
        try
        {
            var sources = new List<string>();
            foreach ((string page, string code) in snippets)
            {
                sources.Add(Path.Combine(folder, $"{page.Replace('/', '.')}.{sources.Count}.cs"));
                File.WriteAllText(sources[^1], Wrap(code, sources.Count));
            }

            string response = Path.Combine(folder, "csc.rsp"), output = Path.Combine(folder, "Snippets.dll");
            string[] options = ["-nologo", "-target:library", "-langversion:14", "-warn:0", "-nullable:annotations"];
            var references = References().Select(r => $"-r:\"{r}\"").Append($"-out:\"{output}\"");
            File.WriteAllLines(response, [.. options, .. references, .. sources.Select(s => $"\"{s}\"")]);
            return Run("exec", Compiler(), "-noconfig", $"@{response}").Replace(folder, "", StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Wrap(string code, int number)
    {
        string[] lines = code.Split('\n');
        bool IsUsing(string line) => line.StartsWith("using ", StringComparison.Ordinal) && !line.Contains('=');
        var usings = _usings.Select(u => $"using {u};").Concat(lines.Where(IsUsing)).Distinct();
        string all = string.Join('\n', lines.Where(l => !IsUsing(l)));
        string types = string.Join('\n', TypeDeclaration().Matches(all).Select(each => each.Value));
        string body = TypeDeclaration().Replace(all, "");
        var given = _given.Where(each => !Regex.IsMatch(body, $@"^\w+ {each.Name} =", RegexOptions.Multiline))
            .Select(each => $"{each.Type} {each.Name}");
        return $"{string.Join('\n', usings)}\nnamespace Snippet{number};\n{types}\nstatic class Snippet\n{{\n"
            + $"static void Run({string.Join(", ", given)})\n{{\n{body}\n}}\n}}\n";
    }

    [GeneratedRegex(
        @"^(?:(?:public|internal|sealed|static) )*(?:class|struct|record|interface|enum) .*?^\}$",
        RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex TypeDeclaration();

    private static IEnumerable<string> References()
    {
        string framework = RuntimeEnvironment.GetRuntimeDirectory();
        var files = Directory.GetFiles(framework, "System*.dll").Append(Path.Combine(framework, "netstandard.dll"))
            .Concat(Directory.GetFiles(AppContext.BaseDirectory, "Microsoft.ML*.dll"))
            .Concat(Directory.GetFiles(AppContext.BaseDirectory, "TorchSharp.dll"))
            .Concat(Directory.GetFiles(AppContext.BaseDirectory, "System.Numerics.Tensors.dll"));
        return files.Where(f => !f.Contains("Native", StringComparison.Ordinal)).DistinctBy(Path.GetFileName);
    }

    private static string Compiler()
    {
        string runtime = RuntimeEnvironment.GetRuntimeDirectory(); // <dotnet>/shared/Microsoft.NETCore.App/<version>/
        string sdks = Path.GetFullPath(Path.Combine(runtime, "..", "..", "..", "sdk"));
        var compilers = Directory.GetDirectories(sdks, $"{Environment.Version.Major}.*")
            .Select(sdk => Path.Combine(sdk, "Roslyn", "bincore", "csc.dll")).Where(File.Exists);
        return compilers.LastOrDefault()
            ?? throw new FileNotFoundException($"An SDK with a C# compiler must be in {sdks}.");
    }

    private static string Run(params string[] arguments)
    {
        string dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        var info = new ProcessStartInfo(dotnet, arguments) { RedirectStandardOutput = true };
        using Process process = Process.Start(info)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? "" : output;
    }
}
