// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data;

/// <summary>What a row-to-row transform computes, bound to an input schema: columns added to the input's.</summary>
internal abstract class RowMapper
{
    /// <summary>The added columns, in order; one named like an input column hides that one.</summary>
    public abstract IReadOnlyList<DataViewSchema.DetachedColumn> OutputColumns { get; }

    /// <summary>The indices of the input columns that the active ones of the added columns are computed from.</summary>
    public abstract IEnumerable<int> GetDependencies(Func<int, bool> isOutputActive);

    /// <summary>A getter per added column, null for those that are not active.</summary>
    /// <remarks>The row has the columns of <see cref="GetDependencies"/> active.</remarks>
    public abstract Delegate[] CreateGetters(DataViewRow input, Func<int, bool> isOutputActive);
}
