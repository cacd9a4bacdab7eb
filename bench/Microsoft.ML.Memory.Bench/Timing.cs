// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Diagnostics;
using System.Globalization;

namespace Microsoft.ML.Memory.Bench;

/// <summary>Seconds of repeated runs of one thing.</summary>
internal sealed class Timing
{
    private readonly double[] _seconds;

    private Timing(double[] seconds) => _seconds = [.. seconds.Order()];

    public double Median => _seconds[_seconds.Length / 2];

    /// <summary>Times one action: warm-up first, then the median of the repeats.</summary>
    public static Timing Of(Action action, int repeats = 7) => Alternate(repeats, action)[0];

    /// <summary>Times actions by turns, so that a busy moment of the machine hits all of them alike.</summary>
    public static Timing[] Alternate(int repeats, params Action[] actions)
    {
        var seconds = new double[actions.Length][];
        for (int i = 0; i < actions.Length; i++) seconds[i] = new double[repeats];
        for (int warmUp = 0; warmUp < 2; warmUp++)
        {
            foreach (Action action in actions) action();
        }

        for (int repeat = 0; repeat < repeats; repeat++)
        {
            for (int i = 0; i < actions.Length; i++)
            {
                long start = Stopwatch.GetTimestamp();
                actions[i]();
                seconds[i][repeat] = Stopwatch.GetElapsedTime(start).TotalSeconds;
            }
        }

        return [.. seconds.Select(each => new Timing(each))];
    }

    /// <summary>Gives the median rate: work per run over seconds per run.</summary>
    public double Rate(double work) => work / Median;

    /// <summary>Gives the highest rate: what a limit is, since nothing but disturbance lowers it.</summary>
    public double BestRate(double work) => work / _seconds[0];

    /// <summary>Gives lowest and highest rate.</summary>
    public string Spread(double work) =>
        string.Create(CultureInfo.InvariantCulture, $"{work / _seconds[^1]:G4}-{work / _seconds[0]:G4}");
}
