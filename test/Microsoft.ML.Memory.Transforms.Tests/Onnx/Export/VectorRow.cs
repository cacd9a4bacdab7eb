// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Microsoft.ML.Memory.Transforms.Tests.Onnx.Export;

/// <summary>A labelled row of features of any length.</summary>
internal sealed class VectorRow<TLabel>
{
    public TLabel Label { get; set; } = default!;

    public long Id { get; set; }

    public float Weight { get; set; } = 1;

    public float[] Features { get; set; } = [];
}

/// <summary>Makes views of such rows.</summary>
internal static class VectorRows
{
    public static IDataView View<TLabel>(MLContext mlContext, IReadOnlyList<VectorRow<TLabel>> rows)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(VectorRow<TLabel>));
        schema["Features"].ColumnType = new VectorDataViewType(
            NumberDataViewType.Single, rows[0].Features.Length);
        return mlContext.Data.LoadFromEnumerable(rows, schema);
    }

    public static IDataView Keyed<TLabel>(MLContext mlContext, IReadOnlyList<VectorRow<TLabel>> rows)
    {
        IDataView view = View(mlContext, rows);
        return mlContext.Transforms.Conversion.MapValueToKey("Label").Fit(view).Transform(view);
    }

    /// <summary>Draws rows around one centre a class, some of them twice, some of them wrong.</summary>
    public static VectorRow<string>[] Draw(int count, int dimension, int classCount, int seed)
    {
        var random = new Random(seed);
        float[][] centres = [.. Enumerable.Range(0, classCount).Select(_ => Noise(random, dimension, 2))];
        var rows = new VectorRow<string>[count];
        for (int index = 0; index < count; index++)
        {
            int label = random.Next(classCount);
            float[] features = Noise(random, dimension, 1);
            for (int feature = 0; feature < dimension; feature++) features[feature] += centres[label][feature];
            if (index > 0 && index % 7 == 0) features = rows[random.Next(index)].Features;
            rows[index] = new VectorRow<string>
            {
                Label = $"class {(index % 11 == 0 ? random.Next(classCount) : label)}",
                Id = 10_000L + index,
                Weight = index % 3 == 0 ? 0.5f : 1,
                Features = features,
            };
        }

        return rows;
    }

    public static float[] Flat<TLabel>(IEnumerable<VectorRow<TLabel>> rows)
        => [.. rows.SelectMany(row => row.Features)];

    private static float[] Noise(Random random, int dimension, float scale)
        => [.. Enumerable.Range(0, dimension).Select(_ => scale * (float)(random.NextDouble() - 0.5))];
}
