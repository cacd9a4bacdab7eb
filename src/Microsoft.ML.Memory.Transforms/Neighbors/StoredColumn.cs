// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Reflection;
using Microsoft.ML.Data;

namespace Microsoft.ML.Memory;

/// <summary>The values that the stored rows have in one column, by slot; immutable.</summary>
internal abstract class StoredColumn(string name, PrimitiveDataViewType type)
{
    private static readonly MethodInfo _create =
        typeof(StoredColumn).GetMethod(nameof(CreateOf), BindingFlags.Static | BindingFlags.NonPublic)!;

    /// <summary>Name of the column that the values come from.</summary>
    public string Name { get; } = name;

    /// <summary>Type of a value.</summary>
    public PrimitiveDataViewType Type { get; } = type;

    /// <summary>Makes an empty column of a type that <see cref="ValueFormat"/> knows.</summary>
    public static StoredColumn Empty(string name, PrimitiveDataViewType type) =>
        (StoredColumn)_create.MakeGenericMethod(type.RawType).Invoke(null, [name, type])!;

    /// <summary>Starts to add values; the column itself stays as it is.</summary>
    public abstract ColumnAppender Append();

    /// <summary>Gives the column with some of its values.</summary>
    public abstract StoredColumn Keep(int[] slots);

    /// <summary>Writes one value.</summary>
    public abstract void Write(BinaryWriter writer, int slot);

    /// <summary>Gives a getter of a vector with the values of the neighbours of the current row.</summary>
    /// <param name="row">Says which row of the block is current.</param>
    /// <param name="neighbors">The neighbours of the rows of the block.</param>
    public abstract Delegate CreateGetter(Func<int> row, FoundNeighbors neighbors);

    private static StoredValues<T> CreateOf<T>(string name, PrimitiveDataViewType type)
        where T : notnull
        => new(name, type, new SharedList<T>([]));
}
