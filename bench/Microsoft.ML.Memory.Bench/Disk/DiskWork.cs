// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;

namespace Microsoft.ML.Memory.Bench;

/// <summary>Size of the disk bench, which reaches the limited process through its environment.</summary>
internal sealed record DiskWork(int Rows, string Path)
{
    public const int Dimension = 128;
    public const int Queries = 200;
    public const int K = 10;
    public const long Seed = 7;
    private const string RowsVariable = "MEMORY_ML_BENCH_DISK_ROWS";
    private const string PathVariable = "MEMORY_ML_BENCH_DISK_PATH";

    /// <summary>Lists that searches read at most.</summary>
    public static int[] Lists => [4, 8, 16, 32];

    public static Metric Metric => Metric.SquaredEuclidean;

    public VectorStream Stream { get; } = new(Dimension, Seed);

    /// <summary>Reads the work from the environment; 2,000,000 rows unless it says otherwise.</summary>
    public static DiskWork Read()
    {
        string? rows = Environment.GetEnvironmentVariable(RowsVariable);
        string folder = Environment.GetEnvironmentVariable(PathVariable)
            ?? System.IO.Path.Combine(AppContext.BaseDirectory, "disk-bench");
        return new DiskWork(rows is null ? 2_000_000 : int.Parse(rows, CultureInfo.InvariantCulture), folder);
    }

    /// <summary>Hands the work to a process.</summary>
    public void Write(IDictionary<string, string?> environment)
    {
        environment[RowsVariable] = $"{Rows}";
        environment[PathVariable] = Path;
    }
}
