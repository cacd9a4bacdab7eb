// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Memory.Transforms.Tests.Onnx.Files;
using Microsoft.ML.Transforms.Image;
using static Microsoft.ML.Memory.Onnx.TensorProto.Types;

namespace Microsoft.ML.Memory.Transforms.Tests.Onnx.Embedding;

[TestClass]
public sealed class EmbedImagesTests
{
    // Planes of red, green and blue of two rows of two pixels.
    private static readonly byte[] _planes = [10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 255];

    private static readonly ImageInputOptions _same = new();

    [TestInitialize]
    public void NeedRuntime() => OnnxHere.Require();

    [TestMethod]
    public void Pixels_as_bytes_and_as_numbers_are_the_same()
    {
        var row = new EmbedRow { Pixels = _planes, PixelNumbers = [.. _planes.Select(pixel => (float)pixel)] };
        float[] expected = [.. _planes.Select(pixel => (float)pixel)];

        Encoders.AssertSame([expected], Encoders.Encode(Options("Pixels", _same), row));
        Encoders.AssertSame([expected], Encoders.Encode(Options("PixelNumbers", _same), row));
    }

    [TestMethod]
    public void Pixels_are_scaled_and_normalised_in_the_order_of_the_network()
    {
        ImageInputOptions image = _same with
        {
            ChannelOrder = ImageChannelOrder.Bgr,
            Scale = 0.5,
            Mean = [1, 2, 3],
            StandardDeviation = [1, 2, 4],
        };

        float[] code = Encoders.Encode(Options("Pixels", image), new EmbedRow { Pixels = _planes })[0];

        CollectionAssert.AreEqual(
            new float[] { 44, 49, 54, 126.5f, 11.5f, 14, 16.5f, 19, 0.5f, 1.75f, 3, 4.25f }, code);
    }

    [TestMethod]
    public void Pixels_reach_a_network_with_channels_last()
    {
        EmbedOnnxOptions options = Encoders.Options(TinyNetwork.Same(DataType.Float, "n", 2, 2, 3), "Pixels") with
        {
            Image = _same,
        };

        float[] code = Encoders.Encode(options, new EmbedRow { Pixels = _planes })[0];

        CollectionAssert.AreEqual(new float[] { 10, 50, 90, 20, 60, 100, 30, 70, 110, 40, 80, 255 }, code);
    }

    [TestMethod]
    public void Pixels_reach_a_network_of_bytes_rounded()
    {
        EmbedOnnxOptions options = Encoders.Options(TinyNetwork.Same(DataType.Uint8, "n", 3, 1, 1), "Pixels") with
        {
            Image = ImagePresets.Raw with { Width = 2, Height = 2 },
        };

        float[] code = Encoders.Encode(options, new EmbedRow { Pixels = _planes })[0];

        CollectionAssert.AreEqual(new float[] { 25, 65, 139 }, code);
    }

    [TestMethod]
    public void Mean_of_a_feature_map_is_one_number_a_channel()
    {
        float[] code = Encoders.Encode(
            Options("Pixels", _same) with { Pooling = EmbedPooling.Mean }, new EmbedRow { Pixels = _planes })[0];

        CollectionAssert.AreEqual(new float[] { 25, 65, 138.75f }, code);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    public void Files_of_any_size_equal_their_pixels_resized(int threadCount)
    {
        var random = new Random(1);
        EmbedRow[] rows = [.. Enumerable.Range(0, 21).Select(i => new EmbedRow
        {
            File = Png(2 + (i % 4), 3 + (i % 5), random),
        })];
        EmbedOnnxOptions options = Options("File", ImagePresets.ImageNet with { ShortestSide = 4 }) with
        {
            BatchSize = 8,
            ThreadCount = threadCount,
        };

        float[][] codes = Encoders.Encode(options, rows);

        for (int i = 0; i < rows.Length; i++)
        {
            using MLImage image = MLImage.CreateFromStream(new MemoryStream(rows[i].File));
            CollectionAssert.AreEqual(Expected(image, options.Image!), codes[i], $"row {i}");
        }
    }

    [TestMethod]
    public void Images_of_the_host_equal_their_files()
    {
        var random = new Random(2);
        byte[][] files = [.. Enumerable.Range(0, 10).Select(i => Png(2 + i, 12 - i, random))];
        EmbedOnnxOptions options = Options("File", ImagePresets.Clip);
        float[][] expected = Encoders.Encode(options, files.Select(file => new EmbedRow { File = file }));
        IDataView view = Encoders.MlContext.Data.LoadFromEnumerable(
            files.Select(file => new HostRow { Image = MLImage.CreateFromStream(new MemoryStream(file)) }));
        using EmbedOnnxTransformer encoder = Encoders.MlContext.Transforms
            .EmbedOnnx(options with { InputColumnName = "Image" }).Fit(view);

        float[][] codes =
        [
            .. Encoders.MlContext.Data.CreateEnumerable<Encoded>(encoder.Transform(view), false)
                .Select(row => row.Code),
        ];

        Encoders.AssertSame(expected, codes);
    }

    [TestMethod]
    public void Coloured_files_become_grey_for_a_network_of_greys()
    {
        EmbedOnnxOptions options = Encoders.Options(TinyNetwork.Same(DataType.Float, "n", 1, 1, 1), "File") with
        {
            Image = ImagePresets.Raw,
        };
        byte[] file = Png(1, 1, [100, 50, 200]);

        float grey = Encoders.Encode(options, new EmbedRow { File = file })[0][0];

        Assert.AreEqual((0.299f * 100) + (0.587f * 50) + (0.114f * 200), grey, 1e-4f);
    }

    [TestMethod]
    public void Files_that_are_no_images_are_refused_with_their_row()
    {
        byte[] good = Png(4, 4, new Random(3)), broken = good[..^20];

        AssertRowRefused("must hold an image in every row. Got 5 bytes that are neither PNG nor JPEG in row 1.",
            good, "plain"u8.ToArray());
        AssertRowRefused("must hold an image in every row. Got 0 bytes that are neither PNG nor JPEG in row 0.",
            Array.Empty<byte>());
        AssertRowRefused(
            $"must hold an image in every row. Got {broken.Length} bytes that cannot be decoded in row 2.",
            good, good, broken);
    }

    [TestMethod]
    public void Files_that_are_too_large_are_refused_before_they_are_decoded()
    {
        byte[] huge = Png(4, 4, new Random(4));
        huge[18] = 0x40; // a width of 16,388
        byte[] wide = Png(300, 1, new Random(5));

        AssertRowRefused(
            "must hold images of at most 200 pixels and sides of at most 16384. Got 16388 x 4 in row 0. "
            + "Raise EmbedOnnxOptions.MaxImagePixels, or make them smaller.",
            huge);
        AssertRowRefused(
            "must hold images of at most 200 pixels and sides of at most 16384. Got 300 x 1 in row 0. "
            + "Raise EmbedOnnxOptions.MaxImagePixels, or make them smaller.",
            wide);
        AssertRowRefused(
            "must hold images of at most 2000 bytes. Got 2001 in row 0. "
            + "Raise EmbedOnnxOptions.MaxImageBytes, or make them smaller.",
            new byte[2001]);
    }

    [TestMethod]
    public void Files_of_another_size_are_refused_where_they_are_not_resized()
    {
        Exception error = Assert.ThrowsExactly<InvalidOperationException>(
            () => Encoders.Encode(Options("File", _same), new EmbedRow { File = Png(3, 2, new Random(6)) }));

        Assert.AreEqual(
            "Column 'File' must hold images of 2 x 2 pixels, as the network reads, where EmbedOnnxOptions.Image.Resize "
            + "is None. Got 3 x 2 in row 0.",
            error.Message);
    }

    [TestMethod]
    public void Columns_that_do_not_fit_are_refused()
    {
        Encoders.AssertRefused<ArgumentException>(
            "Column 'Pixels' must hold [3, 4, 2] = 24 values of Single or Byte an image. Got Vector<Byte, 12>. "
            + "Say the size of the images in EmbedOnnxOptions.Image.Width and Height.",
            Options("Pixels", ImagePresets.Raw with { Height = 4 }));
        Encoders.AssertRefused<ArgumentException>(
            "EmbedOnnxOptions.Image.Width and Height must be 2 and 2, as the network reads, where Resize is None. "
            + "Got 3 x 4.",
            Options("Pixels", _same with { Width = 3, Height = 4 }));
        Encoders.AssertRefused<ArgumentException>(
            "EmbedOnnxOptions.Image.Width, Height and Channels must be null, since the images of column 'File' carry "
            + "their own. Got 4 x 0 x 0.",
            Options("File", ImagePresets.Raw with { Width = 4 }));
        Encoders.AssertRefused<ArgumentException>(
            "Column 'Label' must hold images: an MLImage, bytes of a PNG or JPEG file, or a vector of Single or Byte "
            + "with a fixed size. Got String.",
            Options("Label", ImagePresets.Raw));
        Encoders.AssertRefused<ArgumentException>(
            "EmbedOnnxOptions.Image must be null for a network without one input of images, such as "
            + "[n, channels, height, width]. Got inputs 'x' [batch, 3].",
            Encoders.Options(TinyNetwork.Linear()) with { Image = ImagePresets.Raw });
    }

    private static EmbedOnnxOptions Options(string column, ImageInputOptions image) =>
        Encoders.Options(TinyNetwork.Same(DataType.Float, "n", 3, 2, 2), column) with { Image = image };

    private static void AssertRowRefused(string message, params byte[][] files)
    {
        EmbedOnnxOptions options = Options("File", ImagePresets.Raw) with
        {
            MaxImageBytes = 2000,
            MaxImagePixels = 200,
        };
        Exception error = Assert.ThrowsExactly<InvalidOperationException>(
            () => Encoders.Encode(options, files.Select(file => new EmbedRow { File = file })));
        Assert.AreEqual($"Column 'File' {message}", error.Message);
    }

    /// <summary>The same pixels as a raw column of this one size.</summary>
    private static float[] Expected(MLImage image, ImageInputOptions options)
    {
        var plan = new ImagePlan(
            new ImageTarget(3, 2, 2, 0, "", ""),
            options with { Width = image.Width, Height = image.Height, Layout = ImageLayout.Interleaved });
        byte[] colours = image.GetBGRPixels;
        float[] pixels = new float[colours.Length], row = new float[12];
        for (int i = 0; i < pixels.Length; i++) pixels[i] = colours[(i / 3 * 3) + 2 - (i % 3)];
        new ImageConverter(plan, "").Convert(pixels, row);
        return row;
    }

    private static byte[] Png(int width, int height, Random random)
    {
        byte[] pixels = new byte[width * height * 3];
        random.NextBytes(pixels);
        return Png(width, height, pixels);
    }

    private static byte[] Png(int width, int height, byte[] pixels) => PngFile.Write(width, height, pixels);

    private sealed class HostRow
    {
        [ImageType]
        public MLImage? Image { get; set; }
    }
}
