// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.RowMapping;

/// <summary>The columns of a row or cursor: those of the input passed on, and those that are computed.</summary>
internal sealed class MappedColumns(DataViewRow input, ColumnMapping mapping, bool[] isActive) : IDisposable
{
    private readonly RowComputation _computation = isActive.AsSpan(mapping.InputSchema.Count).Contains(true)
        ? mapping.Start(input, isActive[mapping.InputSchema.Count..])
        : null;

    public bool IsActive(DataViewSchema.Column column) => column.Index < isActive.Length && isActive[column.Index];

    public ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!IsActive(column))
            throw new ArgumentOutOfRangeException(nameof(column), $"Column '{column.Name}' is not active.");
        int output = column.Index - mapping.InputSchema.Count;
        if (output < 0)
            return input.GetGetter<TValue>(mapping.InputSchema[column.Index]);
        return _computation.CreateGetter(output) as ValueGetter<TValue>
            ?? throw HostErrors.Marked(new InvalidOperationException(
                $"Invalid TValue: '{typeof(TValue)}', expected type: '{column.Type.RawType}'."));
    }

    /// <summary>Computes ahead for the row that the input has moved to.</summary>
    public void Compute()
    {
        try
        {
            _computation?.Compute();
        }
        catch (Exception exception)
        {
            throw HostErrors.Ahead(exception);
        }
    }

    public void Dispose()
    {
        _computation?.Dispose();
        input.Dispose();
    }
}
