// Licensed under the MIT License. See LICENSE in the project root for license information.
#:property PublishAot=false

// The one entry to this repository; nothing but the .NET SDK is needed. Usage is at the end of the file.
// 1. Choose, per family of packages, the real packages or what stands in for them, and record that in flavour.props.
// 2. Build, then do what was asked: demo, test, bench, pack or inspect.

using System.Diagnostics;
using System.Xml.Linq;

Console.CancelKeyPress += (_, e) => e.Cancel = true; // the running child gets Ctrl-C too: wait for it to end
string root = (string)AppContext.GetData("EntryPointFileDirectoryPath")!; // where this file is, wherever it is run from
Request? request = Request.Parse(args, out string? mistake);
if (request is null)
{
    Console.Error.WriteLine(mistake);
    Console.Error.WriteLine(Request.Usage);
    return 2;
}

var tools = new Tools(root, Flavours.AdditionalSources(request));
Flavours.Choose(tools, request);
foreach (Family family in Flavours.All)
    if (Flavours.Of(tools, family.Property) == "compat") NativeParts.Prepare(tools, family.Name, family.Script);
if (request.Verb == "test") NativeParts.Prepare(tools, "browser", "test/Inspector.Tests/Native/install.sh");
return request.Verb switch
{
    "demo" => tools.BuildAndRun("examples/01-VisualMemory/VisualMemory.csproj", request.Rest),
    "bench" => tools.BuildAndRun("bench/Microsoft.ML.Memory.Bench/Microsoft.ML.Memory.Bench.csproj", request.Rest),
    "pack" => Packing.Run(tools, request),
    "inspect" => tools.BuildAndRun("examples/Serve/Serve.csproj", ["--inspect", .. request.Rest]),
    _ => Testing.Run(tools, request),
};

/// <summary>What the command line asks for. What is not ours is passed on to the program that is run.</summary>
internal sealed record Request(
    string Verb, Dictionary<string, string> Chosen, bool Probe, bool AcceptApi, string? Sources, string[] Rest)
{
    public const string Usage = """
        Usage: dotnet run build.cs demo [arguments]        build and run examples/01-VisualMemory
               dotnet run build.cs test [arguments]        build all, run all tests; arguments go to dotnet test
               dotnet run build.cs bench <name> [...]      build and run a benchmark
               dotnet run build.cs pack                    write the packages to artifacts/packages
               dotnet run build.cs inspect model.zip       show in a browser what the memory of a model knows
        Options: --host packages|compat                    Microsoft.ML, or its stand-in in compat/
                 --torch packages|compat                   TorchSharp, or its stand-in on the libtorch of this machine
                 --onnx packages|compat                    ONNX Runtime, or its stand-in on a native library from npm
                 --image packages|compat                   Microsoft.ML.ImageAnalytics, or its stand-in
                 --pool packages|compat                    Microsoft.Extensions.ML, or its stand-in in compat/
                 --frame packages|compat                   Microsoft.Data.Analysis, or nothing in its place
                 --probe                                   try the packages again, forget the recorded choice
                 --accept-api                              with test: take the public API as it is now as approved
                 -p:RestoreAdditionalProjectSources=FEED   one more package feed (or set it in the environment)
        What follows -- is passed on as it is.
        """;

    private const string SourcesOption = "-p:RestoreAdditionalProjectSources=";

    public static Request? Parse(string[] args, out string? mistake)
    {
        var chosen = new Dictionary<string, string>();
        var rest = new List<string>();
        string? verb = null, sources = null;
        bool probe = false, acceptApi = false, passOn = false;
        mistake = null;
        for (int i = 0; i < args.Length; i++)
        {
            string arg = args[i];
            Family? family = Flavours.All.FirstOrDefault(f => "--" + f.Name == arg);
            if (passOn) rest.Add(arg);
            else if (arg == "--") passOn = true;
            else if (arg == "--probe") probe = true;
            else if (arg == "--accept-api") acceptApi = true;
            else if (arg.StartsWith(SourcesOption, StringComparison.OrdinalIgnoreCase))
                sources = arg[SourcesOption.Length..];
            else if (family is not null)
            {
                string value = args.ElementAtOrDefault(++i) ?? "nothing";
                if (!Family.Allows(value)) mistake ??= $"{arg} must be packages or compat. Got {value}.";
                chosen[family.Name] = value;
            }
            else if (verb is null) verb = arg;
            else rest.Add(arg);
        }

        if (verb is not ("demo" or "test" or "bench" or "pack" or "inspect"))
            mistake ??= $"The command must be demo, test, bench, pack or inspect. Got {verb ?? "nothing"}.";
        if (verb == "bench" && rest.Count == 0)
            mistake ??= "bench must be given the name of a benchmark, such as search. Got nothing.";
        return mistake is null ? new Request(verb!, chosen, probe, acceptApi, sources, [.. rest]) : null;
    }
}

/// <summary>Packages that are taken or left together, and what the build does without them.</summary>
/// <param name="Name">The option that chooses by hand, without its dashes.</param>
/// <param name="Property">Where the choice is recorded.</param>
/// <param name="Script">Prepares what the stand-in calls; null where it calls nothing.</param>
/// <param name="Packages">Taken together.</param>
internal sealed record Family(string Name, string Property, string? Script, params string[] Packages)
{
    public static bool Allows(string value) => value is "packages" or "compat";
}

/// <summary>Chooses the real packages or their replacement, per family, and records it for every later build.</summary>
internal static class Flavours
{
    // compat/ holds a stand-in for each, but for frame: who uses that does without it.
    public static readonly Family[] All =
    [
        new("host", "HostFlavour", null, "Microsoft.ML"),
        new("torch", "TorchFlavour", "compat/TorchSharp/Native/build.sh", "TorchSharp", "TorchSharp-cpu"),
        new("onnx", "OnnxFlavour", "compat/Microsoft.ML.OnnxRuntime/Native/fetch.sh",
            "Microsoft.ML.OnnxTransformer", "Microsoft.ML.OnnxRuntime", "Microsoft.ML.OnnxRuntime.Managed"),
        new("image", "ImageFlavour", "compat/Microsoft.ML.ImageAnalytics/Native/install.sh",
            "Microsoft.ML.ImageAnalytics"),
        new("pool", "PoolFlavour", null, "Microsoft.Extensions.ML"),
        new("frame", "FrameFlavour", null, "Microsoft.Data.Analysis"),
    ];

    public const string SourcesProperty = "RestoreAdditionalProjectSources";
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(3);

    /// <summary>Further feeds, folders made absolute so that they mean the same from every project.</summary>
    public static string? AdditionalSources(Request request)
    {
        // dotnet run keeps -p:... for itself; Directory.Build.targets hands it on as AppContext data.
        string? given = request.Sources ?? Environment.GetEnvironmentVariable(SourcesProperty);
        if (string.IsNullOrWhiteSpace(given)) given = AppContext.GetData(SourcesProperty) as string;
        if (string.IsNullOrWhiteSpace(given)) return null;

        string[] sources = given.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        bool IsFolder(string feed) => !feed.Contains("://", StringComparison.Ordinal);
        return string.Join(';', sources.Select(feed => IsFolder(feed) ? Path.GetFullPath(feed) : feed));
    }

    public static string? Of(Tools tools, string property) => Read(PropsFile(tools)).GetValueOrDefault(property);

    public static void Choose(Tools tools, Request request)
    {
        string file = PropsFile(tools);
        Dictionary<string, string> recorded = request.Probe ? [] : Read(file);
        string? sources = tools.AdditionalSources ?? recorded.GetValueOrDefault(SourcesProperty);
        bool Recorded(Family f) => recorded.TryGetValue(f.Property, out string? value) && Family.Allows(value);
        bool Known(Family f) => request.Chosen.ContainsKey(f.Name) || Recorded(f);
        var probes = All.ToDictionary(f => f, f => Known(f) ? null : Task.Run(() => Probe(tools, f)));

        var lines = new List<string>();
        var choice = new Dictionary<string, string>();
        foreach (Family family in All)
        {
            (string value, string why) =
                request.Chosen.TryGetValue(family.Name, out string? asked) ? (asked, "as asked")
                : probes[family] is { } probe ? probe.Result
                : (recorded[family.Property], "recorded in flavour.props; --probe tries again");
            choice[family.Property] = value;
            lines.Add($"{family.Name,-5} {value,-8} ({why})");
        }

        if (sources is not null) choice[SourcesProperty] = sources;
        Write(file, choice);
        lines.ForEach(Console.Error.WriteLine);
    }

    /// <summary>Restores a project that references just this family, once and without retries.</summary>
    private static (string Value, string Why) Probe(Tools tools, Family family)
    {
        string folder = Path.Combine(tools.Root, "artifacts", "probe", family.Name);
        string project = Path.Combine(folder, $"Probe.{family.Name}.csproj");
        Directory.CreateDirectory(folder);
        var references = family.Packages.Select(p => new XElement("PackageReference", new XAttribute("Include", p)));
        var sdk = new XAttribute("Sdk", "Microsoft.NET.Sdk");
        new XElement("Project", sdk, new XElement("ItemGroup", references)).Save(project);

        var result = tools.Capture(_patience, "restore", project, "--force", "-v:q", "-p:NuGetAudit=false");
        string names = string.Join(" and ", family.Packages);
        if (result.Code == 0) return ("packages", $"{names} restored");

        bool Says(string code) => result.Output.Contains(code, StringComparison.Ordinal);
        string? error = result.Output.Split('\n').FirstOrDefault(l => l.Contains(" error ", StringComparison.Ordinal));
        string why = result.TimedOut ? $"no answer from the package feed in {_patience.TotalSeconds:0} s"
            : Says("NU1301") ? "the package feed is unreachable"
            : Says("NU1101") ? $"the package feed has no {names}"
            : Says("NU1102") ? $"the package feed lacks this version of {names}"
            : $"restoring {names} failed: {error?.Trim() ?? "no reason given"}";
        return ("compat", why);
    }

    private static string PropsFile(Tools tools) => Path.Combine(tools.Root, "flavour.props");

    private static Dictionary<string, string> Read(string file)
    {
        if (!File.Exists(file)) return [];
        var properties = XElement.Load(file).Descendants().Where(e => !e.HasElements && e.Value != "");
        return properties.ToDictionary(e => e.Name.LocalName, e => e.Value);
    }

    // Write only what changed: a new time stamp would make every project look out of date.
    private static void Write(string file, Dictionary<string, string> choice)
    {
        XAttribute Unless(string property) => new("Condition", $"'$({property})' == ''");
        var properties = choice.Select(c => new XElement(c.Key, Unless(c.Key), c.Value));
        var note = new XComment(" Recorded by build.cs. Delete this file to choose anew. ");
        string text = new XElement("Project", note, new XElement("PropertyGroup", properties)).ToString();
        if (!File.Exists(file) || File.ReadAllText(file) != text) File.WriteAllText(file, text);
    }
}

/// <summary>Starts the dotnet that runs us.</summary>
internal sealed class Tools(string root, string? additionalSources)
{
    private static readonly string _dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    public string Root => root;

    public string? AdditionalSources => additionalSources;

    /// <summary>Builds a project quietly in Release; shows what the compiler says only where it fails.</summary>
    public bool Build(string project)
    {
        Console.Error.WriteLine($"Building {project} ...");
        string[] quietly = ["-v:q", "-nologo", "--tl:off", "-clp:NoSummary"];
        var result = Capture(null, ["build", Path.Combine(root, project), "-c", "Release", .. quietly]);
        if (result.Code != 0) Console.Error.WriteLine(result.Output);
        return result.Code == 0;
    }

    public int BuildAndRun(string project, string[] arguments)
    {
        string[] run = ["run", "--no-build", "-c", "Release", "--project", Path.Combine(root, project), "--"];
        return Build(project) ? Run(Environment.CurrentDirectory, [.. run, .. arguments]) : 1;
    }

    /// <summary>Runs dotnet with our own console.</summary>
    public int Run(string folder, params string[] arguments)
    {
        using Process process = Process.Start(StartInfo(folder, arguments))!;
        process.WaitForExit();
        return process.ExitCode;
    }

    /// <summary>Runs dotnet and keeps what it prints; ends it where a limit is given and passes.</summary>
    public (int Code, bool TimedOut, string Output) Capture(TimeSpan? limit, params string[] arguments)
    {
        ProcessStartInfo info = StartInfo(root, arguments);
        info.RedirectStandardOutput = info.RedirectStandardError = true;
        using Process process = Process.Start(info)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        bool ended = process.WaitForExit(limit ?? Timeout.InfiniteTimeSpan);
        if (!ended) process.Kill(entireProcessTree: true);
        process.WaitForExit();
        return (process.ExitCode, !ended, output.Result + errors.Result);
    }

    private ProcessStartInfo StartInfo(string folder, string[] arguments)
    {
        var info = new ProcessStartInfo(_dotnet, arguments) { WorkingDirectory = folder };
        info.Environment["DOTNET_NOLOGO"] = "1";
        info.Environment["NUGET_ENHANCED_MAX_NETWORK_TRY_COUNT"] = "2";
        info.Environment["NUGET_ENHANCED_NETWORK_RETRY_DELAY_MILLISECONDS"] = "200";
        if (additionalSources is not null) info.Environment[Flavours.SourcesProperty] = additionalSources;
        return info;
    }
}

/// <summary>Prepares native libraries that stand-ins call, in artifacts/native, and the browser of the tests.</summary>
/// <remarks>Without them everything builds, and what needs them says so and is skipped.</remarks>
internal static class NativeParts
{
    public static void Prepare(Tools tools, string name, string? script)
    {
        if (script is null) return;
        using Process? process = OperatingSystem.IsLinux()
            ? Process.Start("bash", [Path.Combine(tools.Root, script), Path.Combine(tools.Root, "artifacts", "native")])
            : null;
        process?.WaitForExit();
        if (process?.ExitCode != 0) Console.Error.WriteLine($"{name} cannot run here: what needs it is skipped.");
    }
}

/// <summary>Builds the solution once, runs each test project, and adds up what their result files say.</summary>
internal static class Testing
{
    private static readonly XNamespace _trx = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";

    public static int Run(Tools tools, Request request)
    {
        if (request.AcceptApi) Environment.SetEnvironmentVariable("MEMORY_ML_ACCEPT_API", "1");
        bool isBuilt = tools.Build("Memory.ML.sln");
        if (!isBuilt) Console.WriteLine("FAILED  the solution does not build");
        int passed = 0, failed = isBuilt ? 0 : 1, skipped = 0;
        string tests = Path.Combine(tools.Root, "test");
        string[] projects = isBuilt ? Directory.GetFiles(tests, "*.Tests.csproj", SearchOption.AllDirectories) : [];
        foreach (string project in projects.Order(StringComparer.Ordinal))
        {
            (int p, int f, int s) = RunProject(tools, project, request.Rest);
            (passed, failed, skipped) = (passed + p, failed + f, skipped + s);
        }

        Console.WriteLine($"{passed} passed, {failed} failed, {skipped} skipped");
        return failed == 0 && passed > 0 ? 0 : 1;
    }

    private static (int Passed, int Failed, int Skipped) RunProject(Tools tools, string project, string[] arguments)
    {
        string name = Path.GetFileNameWithoutExtension(project);
        string folder = Path.Combine(tools.Root, "artifacts", "test-results");
        string file = Path.Combine(folder, name + ".trx");
        Directory.CreateDirectory(folder);
        File.Delete(file);
        var clock = Stopwatch.StartNew();
        var run = tools.Capture(null, ["test", project, "-c", "Release", "--no-build", "-v:q", "--nologo",
            "--logger", $"trx;LogFileName={name}.trx", "--results-directory", folder, .. arguments]);

        List<XElement> results = Results(file);
        var failures = results.Where(r => Outcome(r) is not ("Passed" or "NotExecuted" or "Inconclusive")).ToList();
        int passed = results.Count(r => Outcome(r) == "Passed");
        int failed = failures.Count, skipped = results.Count - passed - failed;
        failures.ForEach(Show);
        foreach (XElement result in results.Except(failures).Where(r => Outcome(r) != "Passed"))
            Console.WriteLine($"SKIPPED {Title(result)}: {string.Join(' ', Lines(result, "Message"))}");

        bool filteredOut = results.Count == 0 && run.Code == 0 && arguments.Length > 0;
        if ((results.Count == 0 && !filteredOut) || (run.Code != 0 && failed == 0))
        {
            failed++;
            string what = results.Count == 0 ? "no test ran" : $"the test run broke off with exit code {run.Code}";
            Console.WriteLine($"FAILED  {name}: {what}");
            Indent(run.Output.Trim().Split('\n').Take(15));
        }

        string time = $"{clock.Elapsed.TotalSeconds:0.0} s";
        Console.WriteLine($"{name}: {passed} passed, {failed} failed, {skipped} skipped in {time}");
        return (passed, failed, skipped);
    }

    // Rows of one data-driven test may be nested in a result of their own: count the innermost ones only.
    private static List<XElement> Results(string file)
    {
        try
        {
            var all = XElement.Load(file).Descendants(_trx + "UnitTestResult");
            return [.. all.Where(r => r.Element(_trx + "InnerResults") is null)];
        }
        catch (Exception e) when (e is IOException or System.Xml.XmlException)
        {
            return []; // a crashed test host leaves no result file, or half of one
        }
    }

    private static string Outcome(XElement result) => (string?)result.Attribute("outcome") ?? "Failed";

    private static void Show(XElement result)
    {
        Console.WriteLine($"FAILED  {Title(result)}");
        Indent(Lines(result, "Message").Take(30));
        Indent(Lines(result, "StackTrace").Where(l => l.Contains(" in ", StringComparison.Ordinal)).Take(6));
    }

    private static void Indent(IEnumerable<string> lines)
    {
        foreach (string line in lines) Console.WriteLine($"        {line.TrimEnd()}");
    }

    private static string Title(XElement result) => (string?)result.Attribute("testName") ?? "a test without a name";

    private static IEnumerable<string> Lines(XElement result, string part)
    {
        string text = (string?)result.Descendants(_trx + part).FirstOrDefault() ?? "";
        return text.Split('\n').Select(l => l.Trim()).Where(l => l != "");
    }
}

/// <summary>Packs what is packable in src. compat/ is never packed.</summary>
internal static class Packing
{
    public static int Run(Tools tools, Request request)
    {
        string folder = Path.Combine(tools.Root, "artifacts", "packages");
        string source = Path.Combine(tools.Root, "src");
        string[] projects = Directory.GetFiles(source, "Microsoft.ML.Memory*.csproj", SearchOption.AllDirectories);
        foreach (string project in projects.Order(StringComparer.Ordinal))
        {
            string[] pack = ["pack", project, "-c", "Release", "-v:q", "-nologo", "-o", folder];
            int code = tools.Run(tools.Root, [.. pack, .. request.Rest]);
            if (code != 0) return code;
        }

        if (Flavours.Of(tools, "HostFlavour") == "compat")
            Console.Error.WriteLine("Built against compat/: these packages do not name Microsoft.ML, do not publish.");
        foreach (string package in Directory.GetFiles(folder, "*.nupkg").Order(StringComparer.Ordinal))
            Console.WriteLine(package);
        return 0;
    }
}
