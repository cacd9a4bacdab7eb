// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Collects rows and finds the temperature that makes their labels likeliest.</summary>
/// <remarks>
/// Keeps only the shares above 0 of a row, so memory is that of the neighbours, not of the classes. The likelihood is
/// convex in 1/T, hence has one minimum, which a golden section search closes in on.
/// </remarks>
internal sealed class TemperatureFit(int classCount)
{
    private const double Precision = 1e-7;

    private static readonly double _ratio = (Math.Sqrt(5) - 1) / 2;

    private readonly List<double> _logs = [];
    private readonly List<int> _ends = [];
    private readonly List<double> _truths = [];
    private readonly List<double> _zeros = [];

    /// <summary>Adds one row.</summary>
    /// <param name="shares">[c], summing to 1.</param>
    /// <param name="label">The true class; a number outside [0, c) is a class that nobody could vote for.</param>
    public void Add(ReadOnlySpan<double> shares, int label)
    {
        double largest = 0;
        foreach (double share in shares) largest = Math.Max(largest, share);
        double scale = largest + PowerTemperature.Floor;
        foreach (double share in shares)
        {
            if (share > 0) _logs.Add(Math.Log((share + PowerTemperature.Floor) / scale));
        }

        _ends.Add(_logs.Count);
        double truth = (uint)label < (uint)shares.Length ? shares[label] : 0;
        _truths.Add(Math.Log((truth + PowerTemperature.Floor) / scale));
        _zeros.Add(Math.Log(PowerTemperature.Floor / scale));
    }

    /// <summary>Finds the temperature.</summary>
    public PowerTemperature Solve()
    {
        if (_ends.Count == 0 || classCount == 1) return new PowerTemperature(1);
        double low = Math.Log(PowerTemperature.Smallest);
        double high = Math.Log(PowerTemperature.Largest);
        double left = high - (_ratio * (high - low));
        double right = low + (_ratio * (high - low));
        double atLeft = Loss(left), atRight = Loss(right);
        while (high - low > Precision)
        {
            if (atLeft <= atRight)
            {
                (high, right, atRight) = (right, left, atLeft);
                left = high - (_ratio * (high - low));
                atLeft = Loss(left);
            }
            else
            {
                (low, left, atLeft) = (left, right, atRight);
                right = low + (_ratio * (high - low));
                atRight = Loss(right);
            }
        }

        double temperature = Math.Exp((low + high) / 2);
        return new PowerTemperature(Math.Clamp(temperature, PowerTemperature.Smallest, PowerTemperature.Largest));
    }

    /// <summary>Gives the mean negative log-likelihood at the logarithm of a temperature.</summary>
    public double Loss(double logTemperature)
    {
        double power = Math.Exp(-logTemperature);
        double loss = 0;
        for (int row = 0, next = 0; row < _ends.Count; row++)
        {
            int first = next;
            double sum = 0;
            for (; next < _ends[row]; next++) sum += Math.Exp(power * _logs[next]);
            sum += (classCount - (next - first)) * Math.Exp(power * _zeros[row]);
            loss += Math.Log(sum) - (power * _truths[row]);
        }

        return loss / _ends.Count;
    }
}
