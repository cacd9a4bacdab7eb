// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Microsoft.ML.Memory;

/// <summary>Labels by value, so that they mean the same whatever classes a memory has got since.</summary>
/// <param name="Type">Type of the values; null where classes have numbers only, which the values then are.</param>
/// <param name="Values">The values that differ.</param>
/// <param name="Rows">[n] which of them is the label of each row.</param>
internal sealed record ChangeLabels(PrimitiveDataViewType? Type, object[] Values, int[] Rows)
{
    /// <summary>Gives the labels of rows by their classes.</summary>
    public static ChangeLabels Of(ClassTable classes, int[] labels)
    {
        int[] named = [.. labels.Distinct()];
        var places = new Dictionary<int, int>(named.Length);
        for (int place = 0; place < named.Length; place++) places[named[place]] = place;
        return new ChangeLabels(
            classes.ValueType,
            Array.ConvertAll(named, label => classes.Values?[label] ?? label),
            Array.ConvertAll(labels, label => places[label]));
    }
}
