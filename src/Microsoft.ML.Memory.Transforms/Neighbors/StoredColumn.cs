// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Reflection;
using Microsoft.ML.Data;

namespace Microsoft.ML.Memory;

/// <summary>The values that the stored rows have in one column, by slot; immutable.</summary>
internal abstract class StoredColumn(string name, DataViewType type)
{
    private static readonly MethodInfo _create =
        typeof(StoredColumn).GetMethod(nameof(CreateOf), BindingFlags.Static | BindingFlags.NonPublic)!;

    /// <summary>Name of the column that the values come from.</summary>
    public string Name { get; } = name;

    /// <summary>Type of what a row has: a scalar or a vector of a fixed size.</summary>
    public DataViewType Type { get; } = type;

    /// <summary>Number of values of a row: 1 for a scalar.</summary>
    public int Length { get; } = type is VectorDataViewType vector ? vector.Size : 1;

    /// <summary>Says whether a column of a type can be stored.</summary>
    public static bool CanStore(DataViewType type) =>
        type is PrimitiveDataViewType or VectorDataViewType { IsKnownSize: true }
        && ValueFormat.IsSupported(ItemOf(type));

    /// <summary>Gives the type of a single value.</summary>
    public static PrimitiveDataViewType ItemOf(DataViewType type) =>
        type is VectorDataViewType vector ? vector.ItemType : (PrimitiveDataViewType)type;

    /// <summary>Makes an empty column of a type that can be stored.</summary>
    public static StoredColumn Empty(string name, DataViewType type) =>
        (StoredColumn)_create.MakeGenericMethod(ItemOf(type).RawType).Invoke(null, [name, type])!;

    /// <summary>Starts to add values; the column itself stays as it is.</summary>
    public abstract ColumnAppender Append();

    /// <summary>Gives the column with some of its values.</summary>
    public abstract StoredColumn Keep(int[] slots);

    /// <summary>Writes what one row has.</summary>
    public abstract void Write(BinaryWriter writer, int slot);

    /// <summary>
    /// Gives a getter of a vector with the values of the neighbours of the current row, neighbour by neighbour.
    /// </summary>
    /// <param name="row">Says which row of the block is current.</param>
    /// <param name="neighbors">The neighbours of the rows of the block.</param>
    public abstract Delegate CreateGetter(Func<int> row, FoundNeighbors neighbors);

    private static StoredValues<T> CreateOf<T>(string name, DataViewType type)
        where T : notnull
        => new(name, type, new SharedList<T>([]));
}
