// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Memory.Hosting;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Microsoft.ML.Memory;

/// <summary>Makes the feeds of a network's inputs.</summary>
internal static class FeedFactory
{
    /// <summary>Checks the column of an input in a schema.</summary>
    /// <returns>The column; null where the input has none.</returns>
    /// <exception cref="ArgumentException">The column is missing or does not fit.</exception>
    public static DataViewSchema.Column? Find(EmbedOnnxOptions options, NetworkInput input, DataViewSchema schema)
    {
        if (input.ColumnName is not { } name) return null;
        DataViewSchema.Column column = Columns.Find(schema, name);
        if (input.Kind == FeedKind.Image)
        {
            ImageSource.Check(options, ImageOf(options), input, column);
            return column;
        }

        if (FeedColumn.NumberOf(column.Type) is null) throw FeedColumn.NotNumbers(column, input.Name);
        int? size = FeedColumn.SizeOf(column.Type);
        return input.Kind == FeedKind.Tokens || size == input.LengthOf(0)
            ? column
            : throw new ArgumentException(
                $"Column '{name}' must hold {input.LengthOf(0)} values a row, as when the encoder was fitted. "
                + $"Got {column.Type}.");
    }

    /// <summary>Makes the feed of an input.</summary>
    public static NetworkFeed Create(
        EmbedOnnxOptions options, NetworkInput input, NetworkBatch batch, DataViewRow row,
        DataViewSchema.Column? column, int threadCount) => input.Type switch
        {
            TensorElementType.Float => Create<float>(options, input, batch, row, column, threadCount),
            TensorElementType.Float16 => Create<Float16>(options, input, batch, row, column, threadCount),
            TensorElementType.Double => Create<double>(options, input, batch, row, column, threadCount),
            TensorElementType.UInt8 => Create<byte>(options, input, batch, row, column, threadCount),
            TensorElementType.Bool => Create<bool>(options, input, batch, row, column, threadCount),
            TensorElementType.Int32 => Create<int>(options, input, batch, row, column, threadCount),
            _ => Create<long>(options, input, batch, row, column, threadCount),
        };

    private static NetworkFeed Create<T>(
        EmbedOnnxOptions options, NetworkInput input, NetworkBatch batch, DataViewRow row,
        DataViewSchema.Column? column, int threadCount)
        where T : unmanaged => (input.Kind, column) switch
        {
            (FeedKind.Tensor, { } numbers) => new TensorFeed<T>(input, batch, row, numbers),
            (FeedKind.Tokens, { } tokens) => new TokenFeed<T>(input, batch, row, tokens),
            (FeedKind.Image, { } images) => new ImageFeed<T>(
                input, batch, row, ImageSource.Of(options, ImageOf(options), input, row, images), threadCount),
            _ => new FilledFeed<T>(input, batch),
        };

    private static ImageInputOptions ImageOf(EmbedOnnxOptions options) => options.Image ?? new ImageInputOptions();
}
