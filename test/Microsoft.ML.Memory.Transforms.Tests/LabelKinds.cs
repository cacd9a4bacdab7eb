// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Transforms.Tests;

/// <summary>Fits a memory of one class whose label is of a given type.</summary>
internal static class LabelKinds
{
    public static VisualMemoryTransformer Fit(MLContext mlContext, object sample) => sample switch
    {
        int value => Fit(mlContext, value),
        float value => Fit(mlContext, value),
        bool value => Fit(mlContext, value),
        double value => Fit(mlContext, value),
        byte value => Fit(mlContext, value),
        long value => Fit(mlContext, value),
        _ => throw new ArgumentException($"No row class for a label of type {sample.GetType()}.", nameof(sample)),
    };

    private static VisualMemoryTransformer Fit<T>(MLContext mlContext, T label)
    {
        IDataView rows = mlContext.Data.LoadFromEnumerable(new[] { new Labelled<T> { Label = label } });
        IDataView keyed = mlContext.Transforms.Conversion.MapValueToKey("Label").Fit(rows).Transform(rows);
        return mlContext.MulticlassClassification.Trainers.VisualMemory(neighborCount: 1).Fit(keyed);
    }

    private sealed class Labelled<T>
    {
        public T Label { get; set; } = default!;

        [Data.VectorType(2)]
        public float[] Features { get; set; } = [1, 2];
    }
}
