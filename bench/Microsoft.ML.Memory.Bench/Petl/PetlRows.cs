// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Diagnostics;
using System.Text.Json;

namespace Microsoft.ML.Memory.Bench;

/// <summary>Measures what training keeps of activations, and holds it beside the formulas.</summary>
/// <remarks>Each case runs in two processes, with few and with many examples: the difference is free of weights,
/// moments and runtime. Two measurements: how much a forward pass leaves behind, and the peak of a step, in which the
/// temporaries of one block are added to both sides.</remarks>
internal static class PetlRows
{
    private const int Few = 32;
    private const int Many = 128;
    private const double Tolerance = 0.15;
    private const double Points = 0.03;

    public static void Run(BenchReport report)
    {
        if (!OperatingSystem.IsLinux())
        {
            report.Note("Resident memory is read from the proc file system, which is not here.");
            return;
        }

        MemoryShape shape;
        using (Backbone backbone = PetlCase.Micro()) shape = MemoryShape.Of(backbone.Config);
        Slope? full = null;
        for (int i = 0; i < PetlCase.All.Length; i++)
        {
            if (Measure(i, Few) is not { } few || Measure(i, Many) is not { } many)
            {
                report.Note($"{PetlCase.All[i].Name}: the process ended without an answer.");
                continue;
            }

            Slope slope = Slope.Of(few, many);
            full ??= slope;
            Add(report, PetlCase.All[i], shape, slope, full, many);
        }
    }

    private static void Add(
        BenchReport report, PetlCase one, MemoryShape shape, Slope slope, Slope full, PetlAnswer many)
    {
        double expected = MemoryModel.Ratio(shape, one.Expected);
        double floats = MemoryModel.Expected(shape, one.Expected);
        report.Add(new Figure(one.Name, "formula, bytes an example", sizeof(float) * floats, ""));
        if (slope.Ledger > 0) report.Add(new Figure(one.Name, "ledger, bytes an example", slope.Ledger, ""));
        report.Add(new Figure(one.Name, "kept after forward, bytes an example", slope.Kept, ""));
        report.Add(new Figure(one.Name, "formula, share of full", 100 * expected, "%"));
        // What backward alone needs, such as the one block that is run again, is not there after forward.
        double left = MemoryModel.Ratio(shape, one.Expected with { Once = _ => 0 });
        report.Add(Share(one.Name, "kept after forward, share of full", slope.Kept / full.Kept, left));
        report.Add(Share(one.Name, "peak of a step, share of full", slope.Peak / full.Peak, expected));
        report.Add(new Figure(one.Name, "time of a step", 1000 * many.StepSeconds, "ms"));
        report.Add(new Figure(one.Name, "trained", 100.0 * many.TrainedCount / many.ParameterCount, "%"));
    }

    private static Figure Share(string name, string metric, double share, double expected)
    {
        double allowed = Math.Max(Tolerance * expected, Points);
        return new Figure(name, metric, 100 * share, "%")
        {
            Peer = "formula",
            Ratio = allowed / Math.Max(Math.Abs(share - expected), 1e-9),
            Floor = 1,
        };
    }

    private static PetlAnswer? Measure(int index, int batchSize)
    {
        string program = Environment.ProcessPath ?? "dotnet";
        string[] command = Path.GetFileNameWithoutExtension(program) == "dotnet"
            ? [program, typeof(PetlRows).Assembly.Location, "petl-child"]
            : [program, "petl-child"];
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true };
        new PetlWork(index, batchSize).Write(start.Environment);
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        string? line = output.Split('\n').FirstOrDefault(text => text.StartsWith('{'));
        return process.ExitCode == 0 && line is not null ? JsonSerializer.Deserialize<PetlAnswer>(line) : null;
    }

    private sealed record Slope(double Kept, double Peak, double Ledger)
    {
        public static Slope Of(PetlAnswer few, PetlAnswer many)
        {
            const double examples = Many - Few;
            return new Slope(
                (many.KeptBytes - few.KeptBytes) / examples,
                (many.PeakBytes - few.PeakBytes) / examples,
                (many.LedgerBytes - few.LedgerBytes) / examples);
        }
    }
}
