// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Numbers that Adam learns (Kingma and Ba, 2015, arXiv 1412.6980).</summary>
internal sealed class AdamVector(float[] values)
{
    private const double FirstDecay = 0.9;
    private const double SecondDecay = 0.999;
    private const double Epsilon = 1e-8;

    private readonly double[] _firstMoments = new double[values.Length];
    private readonly double[] _secondMoments = new double[values.Length];
    private int _step;

    public float[] Values => values;

    /// <summary>Gradients of the next step.</summary>
    public float[] Gradients { get; } = new float[values.Length];

    /// <summary>Takes a step against the gradients.</summary>
    public void Step(double learningRate)
    {
        _step++;
        double firstBias = 1 - Math.Pow(FirstDecay, _step);
        double secondBias = 1 - Math.Pow(SecondDecay, _step);
        for (int index = 0; index < values.Length; index++)
        {
            double gradient = Gradients[index];
            _firstMoments[index] = (FirstDecay * _firstMoments[index]) + ((1 - FirstDecay) * gradient);
            _secondMoments[index] = (SecondDecay * _secondMoments[index]) + ((1 - SecondDecay) * gradient * gradient);
            values[index] -= (float)(learningRate * (_firstMoments[index] / firstBias)
                / (Math.Sqrt(_secondMoments[index] / secondBias) + Epsilon));
        }
    }
}
