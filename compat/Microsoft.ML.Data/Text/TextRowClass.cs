// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>Makes the columns of a text loader from the attributes of a row class.</summary>
internal static class TextRowClass
{
    public static TextLoader.Column[] MakeColumns<TInput>()
    {
        TextLoader.Column[] columns =
            [.. RowMembers.Of(typeof(TInput), SchemaDefinition.Direction.Read).Select(MakeColumn)];
        return columns.Length > 0
            ? columns
            : throw Marked.Operation(
                $"Type '{typeof(TInput)}' must have public members with the LoadColumnAttribute attribute");
    }

    private static TextLoader.Column MakeColumn(MemberInfo member)
    {
        string kind = member is FieldInfo ? "Field" : "Property";
        if (member.GetCustomAttribute<LoadColumnAttribute>() is not { } attribute)
            throw Marked.Operation($"{kind} '{member.Name}' is missing the LoadColumnAttribute attribute");

        DataViewType type = RowMembers.ColumnTypeOf(member, SchemaDefinition.Direction.Read);
        bool isVector = type is VectorDataViewType;
        bool isRange = attribute.Ranges.Count > 1 || attribute.Ranges.Any(range => range.Last > range.First);
        if (isRange && !isVector)
            throw Marked.Operation($"{kind} '{member.Name}' must be an array to be read from several columns");
        IEnumerable<TextLoader.Range> sources = attribute.Ranges.Select(
            range => new TextLoader.Range(range.First, range.Last) { ForceVector = isVector });
        var item = (PrimitiveDataViewType)PrimitiveTypes.ItemTypeOf(type);
        var key = item as KeyDataViewType;
        DataKind dataKind = TypeCodec.KindOf(key is null ? item : PrimitiveTypes.FromRawType(key.RawType))
            ?? throw Marked.Operation($"{kind} '{member.Name}' is of a type that cannot be read from text");
        return new TextLoader.Column(
            member.GetCustomAttribute<ColumnNameAttribute>()?.Name ?? member.Name,
            dataKind,
            [.. sources],
            key is null ? null : new KeyCount(key.Count));
    }
}
