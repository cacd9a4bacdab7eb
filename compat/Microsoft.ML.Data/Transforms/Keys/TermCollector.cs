// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data;

/// <summary>Collects the distinct values of one column while its rows are read.</summary>
internal abstract class TermCollector
{
    public static TermCollector Create(DataViewRow row, DataViewSchema.Column source, int maximumCount)
    {
        var itemType = (PrimitiveDataViewType)PrimitiveTypes.ItemTypeOf(source.Type);
        return Generic.Call<TermCollector>(
            typeof(TermCollector), nameof(Make), [itemType.RawType], row, source, itemType, maximumCount);
    }

    /// <summary>Takes the value, or the elements, of the current row.</summary>
    public abstract void Read();

    public abstract TermMap Finish(bool sort);

    private static TermCollector<TValue> Make<TValue>(
        DataViewRow row, DataViewSchema.Column source, PrimitiveDataViewType itemType, int maximumCount) =>
        new(row, source, itemType, maximumCount);
}
