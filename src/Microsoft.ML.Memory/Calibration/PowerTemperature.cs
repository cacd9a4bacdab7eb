// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Sharpens or flattens probabilities by one number: <c>P' ~ (P + 1e-5)^(1/T)</c>.</summary>
/// <remarks>
/// <para>T above 1 flattens, below 1 sharpens. The order of the classes stays, so the winner does too.</para>
/// <para>Thread safety: immutable, so safe. Source: temperature scaling, Guo et al., 2017, arXiv 1706.04599,
/// section 4.2, on the logarithms of vote shares; the floor 1e-5 is ours.</para>
/// </remarks>
public sealed class PowerTemperature
{
    /// <summary>Smallest temperature, which rows without a mistake lead to.</summary>
    public const double Smallest = 0.05;

    /// <summary>Largest temperature, which scores that mean nothing lead to.</summary>
    public const double Largest = 20;

    internal const double Floor = 1e-5;

    /// <summary>Makes the map.</summary>
    /// <param name="temperature">In [<see cref="Smallest"/>, <see cref="Largest"/>].</param>
    /// <exception cref="ArgumentOutOfRangeException">The temperature is out of its range.</exception>
    public PowerTemperature(double temperature)
    {
        if (!(temperature is >= Smallest and <= Largest))
        {
            throw new ArgumentOutOfRangeException(
                nameof(temperature),
                $"PowerTemperature's temperature must be in [{Check.Shown(Smallest)}, {Check.Shown(Largest)}]. "
                + $"Got {Check.Shown(temperature)}.");
        }

        Temperature = temperature;
    }

    /// <summary>The temperature T.</summary>
    public double Temperature { get; }

    /// <summary>Finds the temperature with the smallest negative log-likelihood.</summary>
    /// <param name="shares">[n, c], rows sum to 1.</param>
    /// <param name="labels">[n] true classes, in [0, c).</param>
    /// <param name="classCount">Number of classes c, at least 1.</param>
    /// <returns>The map; that of temperature 1 where there is no row or only one class.</returns>
    /// <exception cref="ArgumentException">A length does not fit, or a label is out of range.</exception>
    public static PowerTemperature Fit(ReadOnlySpan<double> shares, ReadOnlySpan<int> labels, int classCount)
    {
        Check.AtLeast(classCount, 1, "PowerTemperature's classCount");
        Check.Length(shares.Length, (long)labels.Length * classCount, nameof(shares), "[n, c]");

        var fit = new TemperatureFit(classCount);
        for (int row = 0; row < labels.Length; row++)
            fit.Add(shares.Slice(row * classCount, classCount), Check.Index(labels[row], classCount));
        return fit.Solve();
    }

    /// <summary>Maps the probabilities of one row in place.</summary>
    /// <param name="shares">[c], each in [0, 1]; receives values that sum to 1.</param>
    public void Apply(Span<double> shares)
    {
        double largest = 0;
        foreach (double share in shares) largest = Math.Max(largest, share);
        double sum = 0;
        foreach (ref double share in shares)
        {
            // Relative to the largest, so that small temperatures do not underflow all at once.
            share = Math.Exp(Math.Log((share + Floor) / (largest + Floor)) / Temperature);
            sum += share;
        }

        foreach (ref double share in shares) share /= sum;
    }
}
