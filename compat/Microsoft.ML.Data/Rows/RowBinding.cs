// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A row class bound to the schema that a view of its objects has.</summary>
internal sealed class RowBinding
{
    private RowBinding(SchemaDefinition definition)
    {
        Columns = definition;
        DataViewSchema.Builder builder = new();
        foreach (SchemaDefinition.Column column in definition)
            builder.AddColumn(column.ColumnName, column.ColumnType, column.Annotations);
        Schema = builder.ToSchema();
    }

    public IReadOnlyList<SchemaDefinition.Column> Columns { get; }

    public DataViewSchema Schema { get; }

    public static RowBinding ForReading(Type rowType, SchemaDefinition definition)
    {
        definition ??= SchemaDefinition.Create(rowType, SchemaDefinition.Direction.Read);
        Check(definition);
        return new RowBinding(definition);
    }

    /// <summary>A definition whose columns have the types and annotations of an existing schema.</summary>
    public static SchemaDefinition DefinitionFor(IExceptionContext context, Type rowType, DataViewSchema schema)
    {
        SchemaDefinition all = SchemaDefinition.Create(rowType, SchemaDefinition.Direction.Read);
        SchemaDefinition used = [];
        foreach (DataViewSchema.Column column in schema.Where(column => !column.IsHidden))
        {
            SchemaDefinition.Column member = all.Find(candidate => candidate.ColumnName == column.Name)
                ?? throw context.Except($"Type should contain a member named {column.Name}");
            member.ColumnType = column.Type;
            member.AddAnnotations(column.Annotations);
            used.Add(member);
        }
        return used;
    }

    /// <summary>Checks that a definition the user may have changed still fits the members.</summary>
    public static void Check(SchemaDefinition definition)
    {
        HashSet<string> names = [];
        foreach (SchemaDefinition.Column column in definition)
        {
            if (string.IsNullOrEmpty(column.ColumnName) || !names.Add(column.ColumnName))
                throw HostErrors.ExceptParam(null, "userSchemaDefinition",
                    $"Duplicate column name '{column.ColumnName}' detected, this is disallowed");
            Type memberType = RowMembers.TypeOf(column.Member);
            Type itemType = RowMembers.ItemTypeOf(memberType);
            if (itemType is not null != column.ColumnType is VectorDataViewType)
                throw HostErrors.ExceptParam(null, "userSchemaDefinition",
                    $"Column '{column.ColumnName}' is supposed to be {column.ColumnType}, " +
                    $"but associated field has type {memberType}");
            Type expected = PrimitiveTypes.ItemTypeOf(column.ColumnType).RawType;
            Type actual = PrimitiveTypes.FromRawType(itemType ?? memberType)?.RawType ?? itemType ?? memberType;
            if (actual != expected)
                throw HostErrors.ExceptParam(null, "userSchemaDefinition",
                    $"Column '{column.ColumnName}' is supposed to have item type {expected}, " +
                    $"but associated field has type {itemType ?? memberType}");
        }
    }
}
