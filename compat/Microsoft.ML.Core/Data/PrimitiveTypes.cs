// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data;

/// <summary>Goes between data kinds, .NET types and column types.</summary>
internal static class PrimitiveTypes
{
    private static readonly PrimitiveDataViewType[] _all =
    [
        NumberDataViewType.SByte, NumberDataViewType.Byte, NumberDataViewType.Int16, NumberDataViewType.UInt16,
        NumberDataViewType.Int32, NumberDataViewType.UInt32, NumberDataViewType.Int64, NumberDataViewType.UInt64,
        NumberDataViewType.Single, NumberDataViewType.Double, TextDataViewType.Instance,
        BooleanDataViewType.Instance, TimeSpanDataViewType.Instance, DateTimeDataViewType.Instance,
        DateTimeOffsetDataViewType.Instance, RowIdDataViewType.Instance,
    ];

    /// <summary>The column type that a data kind stands for.</summary>
    public static PrimitiveDataViewType FromKind(DataKind kind) =>
        kind is >= DataKind.SByte and <= DataKind.DateTimeOffset
            ? _all[(int)kind - 1]
            : throw new ArgumentOutOfRangeException(nameof(kind));

    /// <summary>The column type whose values are of this .NET type, or null where there is none.</summary>
    public static PrimitiveDataViewType FromRawType(Type rawType) =>
        rawType == typeof(string) ? TextDataViewType.Instance : Array.Find(_all, type => type.RawType == rawType);

    /// <summary>The column type whose text is this.</summary>
    public static PrimitiveDataViewType FromName(string name) => Array.Find(_all, type => type.ToString() == name)
        ?? throw new ArgumentOutOfRangeException(nameof(name), $"There is no column type '{name}'.");

    /// <summary>The item type of a vector, or the type itself.</summary>
    public static DataViewType ItemTypeOf(DataViewType type) =>
        type is VectorDataViewType vector ? vector.ItemType : type;
}
