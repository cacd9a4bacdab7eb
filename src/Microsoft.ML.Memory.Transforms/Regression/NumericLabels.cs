// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Memory.Hosting;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Memory;

/// <summary>Decides which rows a regression stores: those with a label; labels and weights must be numbers.</summary>
internal sealed class NumericLabels
{
    private readonly DataViewSchema.Column _label;
    private readonly DataViewSchema.Column? _weight;
    private long _missing;

    /// <exception cref="ArgumentException">A column is missing or of the wrong type.</exception>
    public NumericLabels(DataViewSchema schema, NearestNeighborsRegressionOptions options)
    {
        _label = Columns.OfType(schema, options.LabelColumnName, NumberDataViewType.Single);
        _weight = options.ExampleWeightColumnName is { } weight
            ? Columns.OfType(schema, weight, NumberDataViewType.Single)
            : null;
    }

    /// <summary>Makes what says whether the row that the input stands on has a label.</summary>
    /// <exception cref="InvalidOperationException">
    /// When called: the label is infinite, or the weight is not a finite number of at least 0; the message names the
    /// row.
    /// </exception>
    public Func<bool> ReaderOf(DataViewRow input)
    {
        ValueGetter<float> readLabel = input.GetGetter<float>(_label);
        ValueGetter<float>? readWeight = _weight is { } column ? input.GetGetter<float>(column) : null;
        return () =>
        {
            float label = 0;
            readLabel(ref label);
            if (float.IsNaN(label))
            {
                _missing++;
                return false;
            }

            if (float.IsInfinity(label))
            {
                throw new InvalidOperationException(
                    $"The label of row {input.Position} must be finite, or NaN where it is missing. Got infinity. "
                    + "Correct the label or drop the row.");
            }

            float weight = 1;
            readWeight?.Invoke(ref weight);
            FeatureRows.RequireWeight(weight, input.Position);
            return true;
        };
    }

    /// <summary>Reports rows without a label, if there were any.</summary>
    public void WarnOfMissing(IChannel channel) => ExampleLabels.WarnOfMissing(_missing, _label, channel);
}
