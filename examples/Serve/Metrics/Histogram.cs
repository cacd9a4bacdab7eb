// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;

namespace MemoryServe;

/// <summary>Counts observations by how large they are.</summary>
/// <param name="name">Name in the exposition.</param>
/// <param name="help">What is observed.</param>
/// <param name="bounds">Upper bounds of the buckets, ascending; what is larger goes into one more.</param>
internal sealed class Histogram(string name, string help, params double[] bounds)
{
    private readonly Lock _gate = new();
    private readonly long[] _counts = new long[bounds.Length + 1];
    private double _sum;

    public void Observe(double value)
    {
        int bucket = 0;
        while (bucket < bounds.Length && value > bounds[bucket]) bucket++;
        lock (_gate)
        {
            _counts[bucket]++;
            _sum += value;
        }
    }

    public void Write(TextWriter text)
    {
        long[] counts;
        double sum;
        lock (_gate)
        {
            counts = [.. _counts];
            sum = _sum;
        }

        Exposition.Head(text, name, help, "histogram");
        CultureInfo culture = CultureInfo.InvariantCulture;
        long total = 0;
        for (int bucket = 0; bucket < counts.Length; bucket++)
        {
            total += counts[bucket];
            string bound = bucket < bounds.Length ? bounds[bucket].ToString("R", culture) : "+Inf";
            text.Write(string.Create(culture, $"{name}_bucket{{le=\"{bound}\"}} {total}\n"));
        }

        text.Write(string.Create(culture, $"{name}_sum {sum:R}\n{name}_count {total}\n"));
    }
}
