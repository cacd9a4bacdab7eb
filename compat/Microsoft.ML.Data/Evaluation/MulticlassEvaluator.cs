// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Reads label and score columns row by row and computes the multiclass metrics.</summary>
internal sealed class MulticlassEvaluator
{
    private readonly IHostEnvironment _environment;
    private readonly int _topK;

    public MulticlassEvaluator(IHostEnvironment environment, int topK)
    {
        _environment = environment;
        _topK = topK;
    }

    public MulticlassClassificationMetrics Evaluate(IDataView data, string label, string score, string predictedLabel)
    {
        DataViewSchema.Column labelColumn = EvaluatedColumns.Find(data.Schema, label, "Label");
        DataViewSchema.Column scoreColumn = EvaluatedColumns.Find(data.Schema, score, "Score");
        // The column must be there, but the prediction is the class with the highest score.
        EvaluatedColumns.Find(data.Schema, predictedLabel, "PredictedLabel");
        int classCount = CheckScore(scoreColumn);
        CheckLabel(labelColumn);

        var tally = new MulticlassTally(classCount);
        using DataViewRowCursor cursor = data.GetRowCursor([labelColumn, scoreColumn]);
        Func<long> labels = LabelGetter(cursor, labelColumn);
        ValueGetter<VBuffer<float>> scores = cursor.GetGetter<VBuffer<float>>(scoreColumn);
        VBuffer<float> buffer = default;
        float[] dense = new float[classCount];
        while (cursor.MoveNext())
        {
            long truth = labels();
            scores(ref buffer);
            if (buffer.Length != classCount)
                throw _environment.Except();
            buffer.CopyTo(dense);
            if (truth >= 0 && !dense.Any(float.IsNaN))
                tally.Add(truth, dense);
        }
        return new MulticlassClassificationMetrics(tally, _topK, ClassNames(scoreColumn));
    }

    private int CheckScore(DataViewSchema.Column column)
    {
        if (column.Type is VectorDataViewType { Size: >= 2 } vector && vector.ItemType == NumberDataViewType.Single)
            return vector.Size;
        throw Mismatch("score", column, "vector of two or more items of type Single");
    }

    private void CheckLabel(DataViewSchema.Column column)
    {
        if (column.Type is not KeyDataViewType && column.Type != NumberDataViewType.Single)
            throw Mismatch("label", column, "Single or Key");
    }

    private ArgumentOutOfRangeException Mismatch(string role, DataViewSchema.Column column, string expected) =>
        _environment.ExceptSchemaMismatch("schema", role, column.Name, expected, column.Type.ToString());

    // The index of the true class, or a negative number for a missing or impossible one.
    private static Func<long> LabelGetter(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type.RawType == typeof(float))
            return Getter<float>(row, column, v => v >= 0 && v == MathF.Floor(v) ? (long)v : -1);
        if (column.Type.RawType == typeof(byte))
            return Getter<byte>(row, column, v => v - 1L);
        if (column.Type.RawType == typeof(ushort))
            return Getter<ushort>(row, column, v => v - 1L);
        if (column.Type.RawType == typeof(uint))
            return Getter<uint>(row, column, v => v - 1L);
        return Getter<ulong>(row, column, v => (long)v - 1L);
    }

    private static Func<long> Getter<T>(DataViewRow row, DataViewSchema.Column column, Func<T, long> map)
    {
        ValueGetter<T> getter = row.GetGetter<T>(column);
        T value = default;
        return () =>
        {
            getter(ref value);
            return map(value);
        };
    }

    private static string[] ClassNames(DataViewSchema.Column score)
    {
        if (!score.HasSlotNames())
            return null;
        VBuffer<ReadOnlyMemory<char>> names = default;
        score.GetSlotNames(ref names);
        return [.. names.DenseValues().Select(n => n.ToString())];
    }
}
