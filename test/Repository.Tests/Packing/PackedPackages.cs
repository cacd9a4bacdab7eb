// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Diagnostics;
using System.Xml.Linq;

namespace Microsoft.ML.Memory.Repository;

/// <summary>The three packages, packed from what was built into a folder of their own.</summary>
internal sealed class PackedPackages : IDisposable
{
    /// <summary>No other feed has this version.</summary>
    public const string Version = "0.0.1-packed";

    public static readonly string[] Names =
        ["Microsoft.ML.Memory", "Microsoft.ML.Memory.Transforms", "Microsoft.ML.Memory.Trainers"];

    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(3);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("packed");

    public PackedPackages()
    {
        // All in one process of MSBuild: to start it takes longer than to pack.
        var projects = Names.Select(name => Path.Combine(Tree.Root, "src", name, name + ".csproj"));
        string[] settings = ["NoBuild=true", $"Configuration={BuildSettings.Configuration}",
            $"PackageVersion={Version}", $"PackageOutputPath={Feed}"];
        string file = Path.Combine(_folder.FullName, "pack.proj");
        new XElement("Project", new XElement("Target", new XAttribute("Name", "Pack"), new XElement("MSBuild",
            new XAttribute("Projects", string.Join(';', projects)),
            new XAttribute("Targets", "Pack"),
            new XAttribute("Properties", string.Join(';', settings))))).Save(file);
        Directory.CreateDirectory(Feed);
        Succeed(_folder.FullName, "msbuild", file, "-t:Pack", "-nologo", "-v:q");
    }

    /// <summary>The folder that they lie in, which is a package feed.</summary>
    public string Feed => Path.Combine(_folder.FullName, "feed");

    public PackageFile Open(string name) => new(Path.Combine(Feed, $"{name}.{Version}.nupkg"));

    /// <summary>Makes a folder that no file of this tree applies to.</summary>
    public string MakeFolder(string name) => _folder.CreateSubdirectory(name).FullName;

    /// <summary>Runs dotnet, which must succeed.</summary>
    /// <returns>What it prints.</returns>
    public static string Succeed(string folder, params string[] arguments)
    {
        string dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        var info = new ProcessStartInfo(dotnet, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        info.Environment["DOTNET_NOLOGO"] = "1";
        // A node that stayed would keep our output open, and this call waiting.
        info.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        using Process process = Process.Start(info)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(_patience)) process.Kill(entireProcessTree: true);
        process.WaitForExit();
        Assert.AreEqual(0, process.ExitCode, $"dotnet {string.Join(' ', arguments)}\n{output.Result}{errors.Result}");
        return output.Result.ReplaceLineEndings("\n");
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
