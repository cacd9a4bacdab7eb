// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics.Tensors;
using Microsoft.ML.Data;
using Microsoft.ML.Memory.Hosting;

namespace Microsoft.ML.Memory;

/// <summary>Classifies blocks of rows with a tuned backbone.</summary>
internal sealed class FineTuneClassifier(FineTunedModel model, bool givesFeatures) : BlockClassifier
{
    private float[] _features = [];

    public override void Reserve(int rows)
    {
        if (givesFeatures) _features = new float[checked(rows * model.FeatureSize)];
    }

    public override void Classify(ReadOnlySpan<float> rows, Span<uint> labels, Span<float> scores)
    {
        int count = labels.Length, d = model.Input.RowLength, c = scores.Length / Math.Max(count, 1);
        Span<float> features = givesFeatures ? _features.AsSpan(0, count * model.FeatureSize) : [];
        model.Score(Usable(rows), count, scores, features);
        for (int row = 0; row < count; row++)
        {
            Span<float> own = scores.Slice(row * c, c);
            // Finite numbers of a row may be too large for the network.
            if (FeatureReader.IsFinite(rows.Slice(row * d, d)) && FeatureReader.IsFinite(own))
            {
                labels[row] = (uint)TensorPrimitives.IndexOfMax<float>(own) + 1;
                continue;
            }

            labels[row] = 0;
            own.Fill(1f / c);
            if (givesFeatures) features.Slice(row * model.FeatureSize, model.FeatureSize).Fill(float.NaN);
        }
    }

    public override Delegate CreateGetter(int column, Func<int> slot) => column == 0 && givesFeatures
        ? RowVector.Getter<float>(slot, row => _features.AsSpan(row * model.FeatureSize, model.FeatureSize))
        : base.CreateGetter(column, slot);

    // A number that is none would be an index out of range where rows are tokens.
    private static ReadOnlySpan<float> Usable(ReadOnlySpan<float> rows)
    {
        if (FeatureReader.IsFinite(rows)) return rows;
        float[] cleaned = rows.ToArray();
        for (int i = 0; i < cleaned.Length; i++)
        {
            if (!float.IsFinite(cleaned[i])) cleaned[i] = 0;
        }

        return cleaned;
    }
}
