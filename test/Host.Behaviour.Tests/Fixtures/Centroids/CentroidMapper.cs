// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML;
using Microsoft.ML.Data;

namespace Host.Behaviour.Tests.Fixtures.Centroids;

/// <summary>Maps rows of one schema.</summary>
internal sealed class CentroidMapper(CentroidTransformer transformer, DataViewSchema input) : IRowToRowMapper
{
    public DataViewSchema InputSchema => input;

    public DataViewSchema OutputSchema { get; } = transformer.GetOutputSchema(input);

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
    {
        int[] wanted = [.. dependingColumns.Select(c => c.Index)];
        bool scores = wanted.Any(i => i >= input.Count);
        return input.Where(c => wanted.Contains(c.Index) || (scores && c.Index == input["Features"].Index));
    }

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns) =>
        new CentroidRow(this, input, activeColumns);

    /// <summary>A getter over an input row; columns from the input are passed through.</summary>
    public ValueGetter<TValue> Getter<TValue>(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Index < input.Count)
            return row.GetGetter<TValue>(input[column.Index]);
        ValueGetter<VBuffer<float>> features = row.GetGetter<VBuffer<float>>(input["Features"]);
        VBuffer<float> x = default;
        float[] Score()
        {
            features(ref x);
            return transformer.Model.Score(x);
        }
        Delegate getter = column.Index == input.Count
            ? (ValueGetter<uint>)((ref uint key) => key = CentroidModel.Key(Score()))
            : (ValueGetter<VBuffer<float>>)((ref VBuffer<float> s) => s = new(transformer.Model.ClassCount, Score()));
        return getter as ValueGetter<TValue>
            ?? throw new InvalidOperationException($"Column '{column.Name}' is not of type {typeof(TValue)}.");
    }
}
