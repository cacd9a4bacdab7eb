// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>The steps of Adam for a number of values (Kingma and Ba, 2015, arXiv 1412.6980).</summary>
/// <remarks>Threads may ask for the changes of different values at once, between two calls of the rest.</remarks>
/// <param name="count">Number of values.</param>
internal sealed class Adam(int count)
{
    private const double FirstDecay = 0.9;
    private const double SecondDecay = 0.999;
    private const double Epsilon = 1e-8;

    private readonly double[] _firstMoments = new double[count];
    private readonly double[] _secondMoments = new double[count];
    private double _firstBias;
    private double _secondBias;
    private int _step;

    /// <summary>Begins a step, in which every value is changed once.</summary>
    public void BeginStep()
    {
        _step++;
        _firstBias = 1 - Math.Pow(FirstDecay, _step);
        _secondBias = 1 - Math.Pow(SecondDecay, _step);
    }

    /// <summary>Gives what a value is to be lowered by in this step.</summary>
    public double ChangeOf(int index, double gradient, double learningRate)
    {
        double first = (FirstDecay * _firstMoments[index]) + ((1 - FirstDecay) * gradient);
        double second = (SecondDecay * _secondMoments[index]) + ((1 - SecondDecay) * gradient * gradient);
        (_firstMoments[index], _secondMoments[index]) = (first, second);
        return learningRate * (first / _firstBias) / (Math.Sqrt(second / _secondBias) + Epsilon);
    }

    /// <summary>Forgets the gradients that some values have had; the number of steps stays.</summary>
    public void Forget(int start, int length)
    {
        _firstMoments.AsSpan(start, length).Clear();
        _secondMoments.AsSpan(start, length).Clear();
    }
}
