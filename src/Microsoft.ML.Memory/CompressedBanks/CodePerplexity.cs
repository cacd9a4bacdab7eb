// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>How many codes are in use, judged by how evenly they are.</summary>
internal static class CodePerplexity
{
    private const double Epsilon = 1e-10;

    /// <summary>Gives exp(-sum p ln(p + 1e-10)) of the shares p of each code; 1 where there is no entry.</summary>
    public static double Of(ReadOnlySpan<long> histogram)
    {
        double total = 0, entropy = 0;
        foreach (long count in histogram) total += count;
        if (total == 0) return 1;
        foreach (long count in histogram)
        {
            double share = count / total;
            entropy -= share * Math.Log(share + Epsilon);
        }

        return Math.Exp(entropy);
    }
}
