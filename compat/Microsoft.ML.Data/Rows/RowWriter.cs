// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Fills objects of a row class from the columns of a row.</summary>
internal sealed class RowWriter<TRow>
    where TRow : class
{
    private readonly List<(SchemaDefinition.Column Member, DataViewSchema.Column Column)> _pairs = [];

    public RowWriter(
        IExceptionContext context, DataViewSchema schema, bool ignoreMissingColumns, SchemaDefinition definition)
    {
        definition ??= SchemaDefinition.Create(typeof(TRow), SchemaDefinition.Direction.Write);
        RowBinding.Check(definition);
        foreach (SchemaDefinition.Column member in definition)
        {
            if (schema.GetColumnOrNull(member.ColumnName) is not { } column)
            {
                if (ignoreMissingColumns)
                    continue;
                throw context.ExceptMissingColumn("", member.ColumnName, "Schema");
            }
            if (!Fits(member.ColumnType, column.Type))
                throw context.Except($"Can't bind the IDataView column '{column.Name}' of type '{column.Type}' to " +
                    $"field or property '{member.MemberName}' of type '{RowMembers.TypeOf(member.Member)}'.");
            _pairs.Add((member, column));
        }
    }

    /// <summary>The columns that are read.</summary>
    public IEnumerable<DataViewSchema.Column> Columns => _pairs.Select(pair => pair.Column);

    /// <summary>An action that fills an object from the row as it then is.</summary>
    public Action<TRow> Bind(DataViewRow row)
    {
        Action<TRow>[] setters = [.. _pairs.Select(pair => MemberSetters.Create<TRow>(pair.Member, pair.Column, row))];
        return target =>
        {
            foreach (Action<TRow> set in setters)
                set(target);
        };
    }

    // Sizes and key counts do not matter here, kinds do.
    private static bool Fits(DataViewType member, DataViewType column) =>
        member is VectorDataViewType == column is VectorDataViewType
        && PrimitiveTypes.ItemTypeOf(member).RawType == PrimitiveTypes.ItemTypeOf(column).RawType;
}
