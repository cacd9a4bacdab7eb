// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Microsoft.ML.Memory;

/// <summary>Keeps the images of a block as they come and converts them one by one.</summary>
internal abstract class ImageSource
{
    /// <summary>Makes the source for a column of images.</summary>
    /// <exception cref="ArgumentException">The column does not fit the network or the options.</exception>
    /// <exception cref="InvalidOperationException">The host's images are not there.</exception>
    public static ImageSource Of(
        EmbedOnnxOptions options, ImageInputOptions image, NetworkInput input, DataViewRow row,
        DataViewSchema.Column column)
    {
        ImageTarget target = TargetOf(input);
        if (FeedColumn.CarriesSize(column.Type))
        {
            var sized = new SizedImages(options, image, target, column.Name);
            return FeedColumn.IsHostImage(column.Type)
                ? HostImages.SourceOf(sized, row, column)
                : new EncodedImages(sized, row, column);
        }

        ImagePlan plan = PlanOf(image, target, column);
        return ((VectorDataViewType)column.Type).ItemType == NumberDataViewType.Byte
            ? new RawImages<byte>(plan, row, column)
            : new RawImages<float>(plan, row, column);
    }

    /// <summary>Checks a column against the network, before there are rows.</summary>
    /// <exception cref="ArgumentException">The column does not fit the network or the options.</exception>
    public static void Check(
        EmbedOnnxOptions options, ImageInputOptions image, NetworkInput input, DataViewSchema.Column column)
    {
        ImageTarget target = TargetOf(input);
        if (!FeedColumn.CarriesSize(column.Type)) PlanOf(image, target, column);
        else _ = new SizedImages(options, image, target, column.Name);
    }

    /// <summary>Makes room for <paramref name="rows"/> images.</summary>
    public abstract void Reserve(int rows);

    /// <summary>Copies the image that the input stands on.</summary>
    public abstract void Read(int slot);

    /// <summary>Converts the image of a slot; slots may be converted side by side.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="position">Number of the row, for messages.</param>
    /// <param name="scratch">Belongs to the thread.</param>
    /// <param name="destination">Receives what the network reads.</param>
    public abstract void Convert(int slot, long position, ImageScratch scratch, Span<float> destination);

    private static ImageTarget TargetOf(NetworkInput input)
    {
        bool isInterleaved = input.Dims is [not (1 or 3), _, 1 or 3];
        (int channels, int height, int width) = isInterleaved
            ? (input.Dims[2], input.Dims[0], input.Dims[1])
            : (input.Dims[0], input.Dims[1], input.Dims[2]);
        return new ImageTarget(channels, width, height, Multiple: 0, "EmbedOnnxOptions.Image", "network")
        {
            IsInterleaved = isInterleaved,
        };
    }

    private static ImagePlan PlanOf(ImageInputOptions image, ImageTarget target, DataViewSchema.Column column)
    {
        var plan = new ImagePlan(target, image);
        int size = column.Type is VectorDataViewType { IsKnownSize: true } vector && FeedColumn.IsPixels(column.Type)
            ? vector.Size
            : 0;
        if (size == plan.SourceLength) return plan;
        int c = plan.SourceChannels, h = plan.SourceHeight, w = plan.SourceWidth;
        string shape = image.Layout == ImageLayout.Planar ? $"[{c}, {h}, {w}]" : $"[{h}, {w}, {c}]";
        throw new ArgumentException(
            $"Column '{column.Name}' must hold {shape} = {plan.SourceLength} values of Single or Byte an image. Got "
            + $"{column.Type}. Say the size of the images in EmbedOnnxOptions.Image.Width and Height.");
    }
}
