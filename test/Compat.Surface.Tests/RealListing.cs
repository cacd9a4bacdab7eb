// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Compat.Surface.Tests;

/// <summary>The kept part of the real assemblies' listing; lines that begin with # name the source of others.</summary>
internal static class RealListing
{
    public static string[] Of(string assembly)
    {
        using Stream stream = typeof(RealListing).Assembly.GetManifestResourceStream($"Listing.{assembly}.txt")
            ?? throw new AssertFailedException($"Listing/{assembly}.txt must exist for the stand-in {assembly}.");
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => l[0] != '#')];
    }

    /// <summary>The real line that a wrong one was probably meant to be.</summary>
    public static string Nearest(string line, IEnumerable<string> real) => real.MinBy(r => Distance(line, r))!;

    // Levenshtein, two rows.
    private static int Distance(string a, string b)
    {
        int[] previous = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int[] current = new int[b.Length + 1];
            current[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int swap = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                current[j] = Math.Min(swap, Math.Min(previous[j], current[j - 1]) + 1);
            }
            previous = current;
        }
        return previous[b.Length];
    }
}
