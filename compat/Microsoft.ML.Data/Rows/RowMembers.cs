// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Linq.Expressions;
using System.Reflection;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Finds the members of a row class that are columns, their types, and ways to read and write them.</summary>
internal static class RowMembers
{
    /// <summary>Public fields, then public properties, each in the order of reflection.</summary>
    public static IEnumerable<MemberInfo> Of(Type rowType, SchemaDefinition.Direction direction)
    {
        const BindingFlags PublicInstance = BindingFlags.Public | BindingFlags.Instance;
        bool read = direction.HasFlag(SchemaDefinition.Direction.Read);
        bool write = direction.HasFlag(SchemaDefinition.Direction.Write);
        IEnumerable<MemberInfo> fields = rowType.GetFields(PublicInstance).Where(field => !write || !field.IsInitOnly);
        IEnumerable<MemberInfo> properties = rowType.GetProperties(PublicInstance).Where(property =>
            property.GetIndexParameters().Length == 0
            && (!read || property.GetGetMethod() is not null)
            && (!write || property.GetSetMethod() is not null));
        return fields.Concat(properties).Where(member => !member.IsDefined(typeof(NoColumnAttribute)));
    }

    public static Type TypeOf(MemberInfo member) =>
        member is FieldInfo field ? field.FieldType : ((PropertyInfo)member).PropertyType;

    /// <summary>The item type of a one-dimensional array or a VBuffer, or null for anything else.</summary>
    public static Type ItemTypeOf(Type memberType)
    {
        if (memberType.IsSZArray)
            return memberType.GetElementType();
        bool isBuffer = memberType.IsGenericType && memberType.GetGenericTypeDefinition() == typeof(VBuffer<>);
        return isBuffer ? memberType.GetGenericArguments()[0] : null;
    }

    public static DataViewType ColumnTypeOf(MemberInfo member, SchemaDefinition.Direction direction)
    {
        Type type = TypeOf(member);
        Type itemType = ItemTypeOf(type);
        if (direction == SchemaDefinition.Direction.Write && Nullable.GetUnderlyingType(type) is { } expected)
            throw HostErrors.ExceptParam(null, "actualType",
                $"The expected type '{expected}' does not match the type of the '{member.Name}' member: '{type}'. " +
                $"Please change the {member.Name} member to '{expected}'");
        if (PrimitiveTypes.FromRawType(itemType ?? type) is not { } item)
        {
            return DataViewTypeManager.Find(itemType ?? type, TypeAttributeOf(member))
                ?? throw HostErrors.ExceptParam(null, "rawType",
                    $"Could not determine an IDataView type and registered custom types for member {member.Name}");
        }

        if (member.GetCustomAttribute<KeyTypeAttribute>() is { } key)
            item = KeyTypeOf(member, item, key);
        VectorTypeAttribute vector = member.GetCustomAttribute<VectorTypeAttribute>();
        if (itemType is not null)
            return new VectorDataViewType(item, vector?.Dimensions ?? [0]);
        if (vector is not null)
            throw HostErrors.ExceptParam(null, "userType",
                $"Member {member.Name} marked with VectorTypeAttribute, but does not appear to be a vector type");
        return item;
    }

    public static Func<TRow, TValue> Reader<TRow, TValue>(MemberInfo member)
    {
        ParameterExpression row = Expression.Parameter(typeof(TRow));
        return Expression.Lambda<Func<TRow, TValue>>(Expression.MakeMemberAccess(row, member), row).Compile();
    }

    public static Action<TRow, TValue> Writer<TRow, TValue>(MemberInfo member)
    {
        ParameterExpression row = Expression.Parameter(typeof(TRow));
        ParameterExpression value = Expression.Parameter(typeof(TValue));
        BinaryExpression assign = Expression.Assign(Expression.MakeMemberAccess(row, member), value);
        return Expression.Lambda<Action<TRow, TValue>>(assign, row, value).Compile();
    }

    private static DataViewTypeAttribute TypeAttributeOf(MemberInfo member)
    {
        DataViewTypeAttribute[] attributes = [.. member.GetCustomAttributes<DataViewTypeAttribute>()];
        return attributes.Length < 2
            ? attributes.SingleOrDefault()
            : throw HostErrors.ExceptParam(null, "userType", $"Member {member.Name} cannot be marked with multiple " +
                $"attributes, {string.Join<DataViewTypeAttribute>(", ", attributes)}, derived from " +
                $"{typeof(DataViewTypeAttribute)}.");
    }

    private static KeyDataViewType KeyTypeOf(MemberInfo member, PrimitiveDataViewType item, KeyTypeAttribute key)
    {
        if (!KeyDataViewType.IsValidDataType(item.RawType))
            throw HostErrors.ExceptParam(null, "userType",
                $"Member {member.Name} marked with KeyType attribute, but does not appear to be a valid kind of data " +
                "for a key type");
        if (key.Count is not { } count)
            throw HostErrors.ExceptNotSupported(null, "Using KeyType without the Count parameter is not supported");
        return new KeyDataViewType(item.RawType, count);
    }
}
