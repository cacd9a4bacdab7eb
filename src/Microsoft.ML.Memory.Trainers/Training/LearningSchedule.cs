// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Learning rate of each step: a linear warm-up, then half a cosine down to 0.</summary>
/// <param name="peak">Rate at the end of the warm-up.</param>
/// <param name="warmUp">Share of all steps that warm up, in [0, 1).</param>
/// <param name="stepCount">Number of steps of the whole training.</param>
internal sealed class LearningSchedule(double peak, double warmUp, long stepCount)
{
    private readonly long _warmSteps = (long)Math.Round(warmUp * stepCount);

    /// <summary>Rate of a step, counted from 0; above 0 from the first step on.</summary>
    public double Rate(long step)
    {
        if (step < _warmSteps) return peak * (step + 1) / _warmSteps;
        double done = (double)(step - _warmSteps) / Math.Max(1, stepCount - _warmSteps);
        return peak * 0.5 * (1 + Math.Cos(Math.PI * done));
    }
}
