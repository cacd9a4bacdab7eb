// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using System.IO.Compression;

namespace Microsoft.ML.Memory.Tests.RealData;

/// <summary>Handwritten digits of the UCI, 8 x 8 counts and a label a row.</summary>
internal sealed record Optdigits(float[] Rows, int[] Labels)
{
    public const int Dimension = 64;
    public const int ClassCount = 10;

    public static Optdigits Train() => Read("optdigits.tra.gz", "optdigits.hol.gz");

    public static Optdigits Test() => Read("optdigits.tes.gz");

    public Optdigits Where(Func<int, bool> isKept)
    {
        int[] rows = [.. Enumerable.Range(0, Labels.Length).Where(isKept)];
        return new Optdigits(
            [.. rows.SelectMany(row => Rows[(row * Dimension)..((row + 1) * Dimension)])],
            Array.ConvertAll(rows, row => Labels[row]));
    }

    public BankSnapshot Memory()
    {
        var bank = new MemoryBank(Dimension);
        bank.AddRange(Rows, Labels);
        return bank.Snapshot();
    }

    private static Optdigits Read(params string[] files)
    {
        var rows = new List<float>();
        var labels = new List<int>();
        foreach (string file in files)
        {
            using var lines = new StreamReader(new GZipStream(
                File.OpenRead(SharedFolder.PathOf($"data/tabular/{file}")), CompressionMode.Decompress));
            while (lines.ReadLine() is { } line)
            {
                if (line.StartsWith('#') || line.Length == 0) continue;
                int[] fields = Array.ConvertAll(
                    line.Split(','), field => int.Parse(field, CultureInfo.InvariantCulture));
                rows.AddRange(fields[..^1].Select(value => (float)value));
                labels.Add(fields[^1]);
            }
        }

        return new Optdigits([.. rows], [.. labels]);
    }
}
