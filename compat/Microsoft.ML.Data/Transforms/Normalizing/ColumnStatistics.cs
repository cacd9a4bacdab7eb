// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data;

/// <summary>Collects the statistics of one column while its rows are read, and makes its normalizer.</summary>
internal abstract class ColumnStatistics
{
    public static ColumnStatistics Create(DataViewRow row, DataViewSchema.Column source)
    {
        Type item = PrimitiveTypes.ItemTypeOf(source.Type).RawType;
        return item == typeof(float)
            ? new ColumnStatistics<float>(row, source)
            : new ColumnStatistics<double>(row, source);
    }

    public abstract void Read();

    public abstract ColumnNormalizer Finish(NormalizingMethod method, bool fixZero);
}
