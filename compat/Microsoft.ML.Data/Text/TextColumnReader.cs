// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data;

/// <summary>Parses the value of one column from the fields of a line.</summary>
internal abstract class TextColumnReader
{
    public abstract Delegate Getter { get; }

    /// <param name="column">The column.</param>
    /// <param name="options">How its text is read.</param>
    /// <param name="checkGood">Throws where the cursor is not on a row.</param>
    public static TextColumnReader Create(TextColumn column, TextLoader.Options options, Action checkGood)
    {
        Type rawType = PrimitiveTypes.ItemTypeOf(column.Type).RawType;
        return Generic.Call<TextColumnReader>(
            typeof(TextColumnReader), nameof(Make), [rawType], column, options, checkGood);
    }

    public abstract void Read(TextFields fields, long lineNumber);

    private static TextColumnReader Make<TItem>(TextColumn column, TextLoader.Options options, Action checkGood)
    {
        var parser = new FieldParser<TItem>(column, options);
        return column.Type is VectorDataViewType
            ? new TextVectorReader<TItem>(column, parser, checkGood)
            : new TextScalarReader<TItem>(column, parser, checkGood);
    }
}
