// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;

namespace Microsoft.ML.Memory.Bench;

/// <summary>One process of the bench: a case and a number of examples.</summary>
internal sealed record PetlWork(int Case, int BatchSize)
{
    private const string CaseVariable = "MEMORY_ML_BENCH_PETL_CASE";
    private const string BatchVariable = "MEMORY_ML_BENCH_PETL_BATCH";

    public static PetlWork Read() => new(Number(CaseVariable), Number(BatchVariable));

    /// <summary>Hands the work to a process, whose allocator is to return what is freed.</summary>
    public void Write(IDictionary<string, string?> environment)
    {
        environment[CaseVariable] = $"{Case}";
        environment[BatchVariable] = $"{BatchSize}";
        environment["MALLOC_MMAP_THRESHOLD_"] = "65536";
        environment["MALLOC_TRIM_THRESHOLD_"] = "0";
        environment["OMP_NUM_THREADS"] = "1";
    }

    private static int Number(string variable) =>
        int.Parse(Environment.GetEnvironmentVariable(variable) ?? "0", CultureInfo.InvariantCulture);
}
