// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Numbers that Adam learns.</summary>
internal sealed class AdamVector(float[] values)
{
    private readonly Adam _adam = new(values.Length);

    public float[] Values => values;

    /// <summary>Gradients of the next step.</summary>
    public float[] Gradients { get; } = new float[values.Length];

    /// <summary>Takes a step against the gradients.</summary>
    public void Step(double learningRate)
    {
        _adam.BeginStep();
        for (int index = 0; index < values.Length; index++)
            values[index] -= (float)_adam.ChangeOf(index, Gradients[index], learningRate);
    }
}
