// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Memory.Hosting;

namespace Microsoft.ML.Memory;

/// <summary>The columns that an example is made of, beside its label; weight and id may be absent (null).</summary>
internal sealed record ImportColumns(
    DataViewSchema.Column Features, DataViewSchema.Column? Weight, DataViewSchema.Column? Id)
{
    public static ImportColumns Of(DataViewSchema schema, ImportColumnNames names, int dimension) => new(
        Columns.Features(schema, names.Features, dimension, names.Encoder),
        names.Weight is { } weight
            ? Columns.OfType(schema, weight, NumberDataViewType.Single)
            : null,
        names.Id is { } id ? IdReader.Column(schema, id) : null);

    /// <summary>Those that are there.</summary>
    public IEnumerable<DataViewSchema.Column> All
    {
        get
        {
            yield return Features;
            if (Weight is { } weight) yield return weight;
            if (Id is { } id) yield return id;
        }
    }
}
