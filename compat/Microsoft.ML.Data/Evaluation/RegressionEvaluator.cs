// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Reads label and score columns row by row and computes the regression metrics.</summary>
internal sealed class RegressionEvaluator
{
    private readonly IHostEnvironment _environment;

    public RegressionEvaluator(IHostEnvironment environment) => _environment = environment;

    public RegressionMetrics Evaluate(IDataView data, string label, string score)
    {
        DataViewSchema.Column labelColumn = EvaluatedColumns.Find(data.Schema, label, "Label");
        DataViewSchema.Column scoreColumn = EvaluatedColumns.Find(data.Schema, score, "Score");
        CheckSingle("score", scoreColumn);
        CheckSingle("label", labelColumn);

        var tally = new RegressionTally();
        using DataViewRowCursor cursor = data.GetRowCursor([labelColumn, scoreColumn]);
        ValueGetter<float> labels = cursor.GetGetter<float>(labelColumn);
        ValueGetter<float> scores = cursor.GetGetter<float>(scoreColumn);
        float truth = 0;
        float predicted = 0;
        while (cursor.MoveNext())
        {
            labels(ref truth);
            scores(ref predicted);
            // What is missing on either side is left out; what is infinite is not.
            if (!float.IsNaN(truth) && !float.IsNaN(predicted))
                tally.Add(truth, predicted);
        }
        return new RegressionMetrics(tally);
    }

    private void CheckSingle(string role, DataViewSchema.Column column)
    {
        if (column.Type != NumberDataViewType.Single)
        {
            throw _environment.ExceptSchemaMismatch(
                "schema", role, column.Name, "Single", column.Type.ToString());
        }
    }
}
