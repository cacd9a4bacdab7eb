// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data;

/// <summary>Leaves out columns of types from outside the host, which it neither caches, shuffles nor saves.</summary>
internal static class StandardColumns
{
    public static bool IsStandard(DataViewType type) => type is PrimitiveDataViewType or VectorDataViewType;

    public static IDataView Of(IDataView view)
    {
        DataViewSchema.Column[] kept = [.. view.Schema.Where(column => IsStandard(column.Type))];
        if (kept.Length == view.Schema.Count)
            return view;
        if (kept.Length == 0)
            throw Marked.Operation("Choose columns by index has no output column.");
        return new SelectedColumnsView(view, new ColumnSelection(view.Schema, kept));
    }
}
