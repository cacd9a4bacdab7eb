// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML;

namespace MemoryServe;

/// <summary>Names the classes of a model that has no memory of ours by the slots of its scores.</summary>
internal static class ClassNaming
{
    private const string SlotNamesKind = "SlotNames";

    /// <summary>Gives the names of the slots of the scores; their numbers where they have none.</summary>
    public static IReadOnlyList<string> Of(DataViewSchema output)
    {
        DataViewSchema.Column scores = output[ServedModel.ScoreColumnName];
        int count = ((VectorDataViewType)scores.Type).Size;
        VBuffer<ReadOnlyMemory<char>> names = default;
        bool isNamed = scores.Annotations.Schema.GetColumnOrNull(SlotNamesKind)?.Type
            is VectorDataViewType { ItemType: TextDataViewType } type && type.Size == count;
        if (isNamed) scores.Annotations.GetValue(SlotNamesKind, ref names);
        return isNamed
            ? [.. names.DenseValues().Select(name => name.ToString())]
            : [.. Enumerable.Range(0, count).Select(each => each.ToString(CultureInfo.InvariantCulture))];
    }
}
