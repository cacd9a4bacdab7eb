// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data;

/// <summary>A column of the view, bound to the columns of the file.</summary>
internal sealed class TextColumn
{
    private TextColumn(string name, DataViewType type, int[] sources)
    {
        Name = name;
        Type = type;
        Sources = sources;
    }

    public string Name { get; }

    public DataViewType Type { get; }

    /// <summary>Indexes of the columns of the file, one per slot.</summary>
    public int[] Sources { get; }

    public static TextColumn[] Bind(TextLoader.Options options, TextSample sample)
    {
        TextLoader.Column[] columns = options.Columns is { Length: > 0 } ? options.Columns : MakeDefault();
        foreach (TextLoader.Column column in columns)
            Check(column);
        if (columns.DistinctBy(column => column.Name).Count() < columns.Length)
            throw Marked.Argument("Columns", "The names of the columns must differ");

        int? size = options.InputSize > 0 ? options.InputSize : sample?.ColumnCount;
        IEnumerable<TextLoader.Range> ranges = columns.SelectMany(column => column.Source);
        HashSet<int> named = [.. ranges.Where(range => !range.AllOther).SelectMany(range => Expand(range, size))];
        return Array.ConvertAll(columns, column => Bind(column, size, named));
    }

    /// <summary>The names of the slots of a vector, where the header gives them.</summary>
    public DataViewSchema.Annotations MakeAnnotations(TextSample sample)
    {
        if (Type is not VectorDataViewType || sample?.Names is not { } names)
            return null;
        var builder = new DataViewSchema.Annotations.Builder();
        ReadOnlyMemory<char>[] slots =
            Array.ConvertAll(Sources, source => source < names.Length ? names[source].AsMemory() : default);
        if (Array.Exists(slots, name => !name.IsEmpty))
            builder.AddSlotNames(slots);
        return builder.ToAnnotations();
    }

    private static TextLoader.Column[] MakeDefault() =>
    [
        new TextLoader.Column("Label", DataKind.Single, 0),
        new TextLoader.Column("Features", DataKind.Single, [new TextLoader.Range(1, null)]),
    ];

    private static void Check(TextLoader.Column column)
    {
        Marked.NotEmpty(Marked.NotNull(column, "Columns").Name, "Name");
        if (column.Source is not { Length: > 0 } || column.Source.Contains(null))
            throw Marked.Argument(
                "Source", $"Column '{column.Name}' must name the columns of the file that it is read from");
        if (!Enum.IsDefined(column.DataKind))
            throw Marked.Argument("DataKind", $"Column '{column.Name}' must have one of the data kinds");
        foreach (TextLoader.Range range in column.Source)
        {
            if (range.Min < 0 || range.Max < range.Min)
                throw Marked.Argument("Source", $"Column '{column.Name}' must have ranges that rise from 0");
        }
    }

    private static TextColumn Bind(TextLoader.Column column, int? size, HashSet<int> named)
    {
        bool isVector = column.Source.Length > 1;
        var sources = new List<int>();
        foreach (TextLoader.Range range in column.Source)
        {
            isVector |= !IsClosed(range) || range.ForceVector || range.Max > range.Min;
            IEnumerable<int> indexes = Expand(range, size);
            sources.AddRange(range.AllOther ? indexes.Where(index => !named.Contains(index)) : indexes);
        }

        if (sources.Count == 0)
            throw Marked.Argument(
                "Source", $"Column '{column.Name}' must be read from at least one column of the file");
        PrimitiveDataViewType item = PrimitiveTypes.FromKind(column.DataKind);
        if (column.KeyCount?.Count is { } count)
            item = new KeyDataViewType(item.RawType, count);
        return new TextColumn(column.Name, isVector ? new VectorDataViewType(item, sources.Count) : item, [.. sources]);
    }

    private static bool IsClosed(TextLoader.Range range) => !range.AllOther && !range.AutoEnd;

    private static IEnumerable<int> Expand(TextLoader.Range range, int? size)
    {
        if (IsClosed(range))
            return Enumerable.Range(range.Min, (range.Max ?? range.Min) - range.Min + 1);
        if (size is not > 0)
            throw Marked.Argument("Source", "Can't determine the number of source columns without valid data");
        return Enumerable.Range(range.Min, Math.Max(0, size.Value - range.Min));
    }
}
