// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML;
using Microsoft.ML.Data;

namespace Host.Behaviour.Tests.Fixtures.Centroids;

/// <summary>A trainer made of public interfaces; it stands where the recording had a first-party one.</summary>
internal sealed class CentroidTrainer : IEstimator<RevealedCentroidTransformer>
{
    private const string Label = "Label";

    private const string Features = "Features";

    public RevealedCentroidTransformer Fit(IDataView input)
    {
        DataViewSchema.Column label = input.Schema[Label];
        int classCount = (int)((KeyDataViewType)label.Type).Count;
        float[][] sums = [.. Enumerable.Range(0, classCount).Select(_ => Array.Empty<float>())];
        int[] counts = new int[classCount];
        foreach ((uint key, float[] x) in input.GetColumn<uint>(Label).Zip(input.GetColumn<float[]>(Features)))
        {
            if (key == 0)
                continue;
            float[] sum = sums[key - 1];
            sums[key - 1] = [.. x.Select((v, i) => v + (sum.Length > 0 ? sum[i] : 0))];
            counts[key - 1]++;
        }
        float[][] centroids = [.. sums.Select((s, i) => s.Select(v => v / counts[i]).ToArray())];
        return new RevealedCentroidTransformer(new CentroidModel(centroids), input.Schema[Features].Type, label);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => inputSchema;
}
