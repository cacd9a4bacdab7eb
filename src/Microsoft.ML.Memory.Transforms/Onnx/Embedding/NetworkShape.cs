// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Memory.Hosting;

namespace Microsoft.ML.Memory;

/// <summary>Finds out which columns feed a network and how large its dimensions are.</summary>
internal sealed class NetworkShape
{
    private readonly EmbedOnnxOptions _options;
    private readonly IReadOnlyList<DeclaredInput> _declared;
    private readonly DataViewSchema _schema;
    private readonly Dictionary<string, string> _columns;

    private NetworkShape(EmbedOnnxOptions options, IReadOnlyList<DeclaredInput> declared, DataViewSchema schema)
    {
        _options = options;
        _declared = declared;
        _schema = schema;
        _columns = NetworkColumns.Of(options, declared);
    }

    /// <summary>Resolves every input.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="declared">The inputs as the model declares them.</param>
    /// <param name="schema">Where the columns are.</param>
    /// <exception cref="ArgumentException">
    /// A name or column is wrong, or a dimension is open and the columns do not tell it; the message says which.
    /// </exception>
    public static (NetworkInput[] Inputs, NetworkBatch Batch) Resolve(
        EmbedOnnxOptions options, IReadOnlyList<DeclaredInput> declared, DataViewSchema schema)
    {
        var shape = new NetworkShape(options, declared, schema);
        DeclaredInput? image = shape.FindImage();
        NetworkBatch batch = shape.FindBatch(image);
        NetworkInput[] fed = [.. declared.Where(shape.HasColumn).Select(
            input => ReferenceEquals(input, image) ? shape.ImageOf(input, batch) : shape.TensorOf(input, batch))];
        if (batch.Size > 1 && fed.Any(input => input.IsOfAnyLength))
        {
            throw new ArgumentException(
                $"The columns of a network of {batch.Size} rows at a time must have a known size. "
                + "Got rows of any length.");
        }

        NetworkInput[] inputs = [.. declared.Select(input =>
            Array.Find(fed, known => known.Name == input.Name) ?? shape.FilledOf(input, batch, fed))];
        return (inputs, batch);
    }

    private bool HasColumn(DeclaredInput input) => _columns.ContainsKey(input.Name);

    private DataViewSchema.Column ColumnOf(DeclaredInput input) => Columns.Find(_schema, _columns[input.Name]);

    private DeclaredInput? FindImage()
    {
        if (_options.Image is null) return null;
        DeclaredInput[] images = [.. _declared.Where(input => HasColumn(input) && input.Dims.Count is 3 or 4)];
        if (images.Length > 1) images = [.. images.Where(input => input.Dims.Count == 4)];
        return images.Length == 1 ? images[0] : throw new ArgumentException(
            "EmbedOnnxOptions.Image must be null for a network without one input of images, "
            + "such as [n, channels, height, width]. Got inputs "
            + string.Join(", ", _declared.Select(input => $"'{input.Name}' {input.ShownDims}")) + ".");
    }

    private NetworkBatch FindBatch(DeclaredInput? image)
    {
        int? size = null;
        foreach (DeclaredInput input in _declared.Where(HasColumn))
        {
            if (input.Dims.Count == 0 || IsWholeRow(input, image)) return new NetworkBatch(false, 1);
            if (input.Dims[0].Size is not { } first) continue;
            if (size is { } other && other != first)
            {
                throw new ArgumentException(
                    "The inputs of the network must have the same first dimension, a number of rows. Got "
                    + $"{other} and {first}.");
            }

            size = first;
        }

        return new NetworkBatch(true, size);
    }

    /// <summary>Whether the first dimension is part of a row: a column holds as much as all dimensions together.
    /// </summary>
    private bool IsWholeRow(DeclaredInput input, DeclaredInput? image)
    {
        if (ReferenceEquals(input, image)) return input.Dims.Count == 3;
        if (input.Dims.Any(dim => dim.Size is null) || input.Dims[0].Size == 1) return false;
        long all = input.Dims.Aggregate(1L, (product, dim) => product * dim.Size.GetValueOrDefault());
        return FeedColumn.SizeOf(ColumnOf(input).Type) == all;
    }

    private static DeclaredDimension[] RowOf(DeclaredInput input, NetworkBatch batch)
        => [.. input.Dims.Skip(batch.HasDimension ? 1 : 0)];

    private NetworkInput ImageOf(DeclaredInput input, NetworkBatch batch)
    {
        DataViewType type = ColumnOf(input).Type;
        if (!FeedColumn.CarriesSize(type) && !FeedColumn.IsPixels(type))
        {
            throw new ArgumentException(
                $"Column '{_columns[input.Name]}' must hold images: an MLImage, bytes of a PNG or JPEG file, or a "
                + $"vector of Single or Byte with a fixed size. Got {type}.");
        }

        DeclaredDimension[] row = RowOf(input, batch);
        bool isInterleaved = row[0].Size is not (1 or 3) && row[2].Size is 1 or 3;
        int[] dims = new int[row.Length];
        for (int i = 0; i < row.Length; i++)
        {
            int place = isInterleaved ? (i + 1) % 3 : i;
            int? known = _options.Image is { Resize: ImageResize.None } image
                ? place switch { 0 => image.Channels, 1 => image.Height, _ => image.Width }
                : null;
            dims[i] = row[i].Size ?? known ?? throw Open(input, row[i]);
        }

        return new NetworkInput(input.Name, input.Type, dims, FeedKind.Image, _columns[input.Name]);
    }

    private NetworkInput TensorOf(DeclaredInput input, NetworkBatch batch)
    {
        DataViewSchema.Column column = ColumnOf(input);
        if (FeedColumn.NumberOf(column.Type) is null) throw FeedColumn.NotNumbers(column, input.Name);
        DeclaredDimension[] row = RowOf(input, batch);
        DeclaredDimension[] open = [.. row.Where(dim => dim.Size is null)];
        if (FeedColumn.SizeOf(column.Type) is not { } size)
        {
            return row.Length == 1 && open.Length == 1
                ? new NetworkInput(
                    input.Name, input.Type, [NetworkInput.AnyLength], FeedKind.Tokens, column.Name)
                : throw new ArgumentException(
                    $"Column '{column.Name}' must have a known size for input '{input.Name}' {input.ShownDims} of "
                    + $"the network. Got {column.Type}.");
        }

        long known = row.Aggregate(1L, (product, dim) => checked(product * (dim.Size ?? 1)));
        if (open.Length > 1) throw Open(input, open[0]);
        if (open.Length == 0 ? known != size : size % known != 0 || size == 0)
        {
            string wanted = open.Length == 0 ? $"{known} values" : $"a multiple of {known} values";
            throw new ArgumentException(
                $"Column '{column.Name}' must hold {wanted} a row for input '{input.Name}' {input.ShownDims} of the "
                + $"network. Got {size}.");
        }

        int[] dims = [.. row.Select(dim => dim.Size ?? (int)(size / known))];
        return new NetworkInput(input.Name, input.Type, dims, FeedKind.Tensor, column.Name);
    }

    /// <summary>
    /// An input without a column has the dimensions of the first one that has as many and calls them the same, or
    /// leaves the same ones open.
    /// </summary>
    private NetworkInput FilledOf(DeclaredInput input, NetworkBatch batch, NetworkInput[] fed)
    {
        DeclaredDimension[] row = RowOf(input, batch);
        NetworkInput? like = Like((open, other) => open.Name == other.Name)
            ?? Like((_, other) => other.Size is null) ?? Like((_, _) => true);
        int[] dims = [.. row.Select((dim, i) => dim.Size ?? like?.Dims[i] ?? throw Open(input, dim))];
        FeedKind kind = input.Name == NetworkInput.MaskName ? FeedKind.Ones : FeedKind.Zeros;
        return new NetworkInput(input.Name, input.Type, dims, kind, null);

        NetworkInput? Like(Func<DeclaredDimension, DeclaredDimension, bool> isSame)
        {
            foreach (DeclaredInput other in _declared.Where(HasColumn))
            {
                DeclaredDimension[] dims = RowOf(other, batch);
                if (dims.Length == row.Length
                    && row.Zip(dims).All(pair => pair.First.Size is not null || isSame(pair.First, pair.Second)))
                    return Array.Find(fed, known => known.Name == other.Name);
            }

            return null;
        }
    }

    private static ArgumentException Open(DeclaredInput input, DeclaredDimension dim) => new(
        $"Dimension '{dim.Name}' of the network's input '{input.Name}' {input.ShownDims} must be known. Got none. "
        + "Give its size in EmbedOnnxOptions.Dimensions.");
}
