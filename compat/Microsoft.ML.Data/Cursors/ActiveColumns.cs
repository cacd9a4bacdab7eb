// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Which columns a cursor was asked for, by index: a like column of another schema counts too.</summary>
internal sealed class ActiveColumns
{
    private readonly bool[] _active;

    public ActiveColumns(DataViewSchema schema, IEnumerable<DataViewSchema.Column> columns)
    {
        _active = new bool[schema.Count];
        foreach (DataViewSchema.Column column in columns ?? [])
        {
            if (column.Index >= schema.Count || schema[column.Index].Name != column.Name)
                throw HostErrors.ExceptParam(null, nameof(columns),
                    $"The column '{column.Name}' at index {column.Index} must be one of the view's {schema}.");
            _active[column.Index] = true;
        }
    }

    public bool this[int index] => index < _active.Length && _active[index];

    public bool this[DataViewSchema.Column column] => this[column.Index];

    /// <summary>The active columns of a schema.</summary>
    public IEnumerable<DataViewSchema.Column> Of(DataViewSchema schema) => schema.Where(column => this[column]);
}
