// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using Host.Behaviour.Tests.Harness;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using ColorBits = Microsoft.ML.Transforms.Image.ImagePixelExtractingEstimator.ColorBits;
using ColorsOrder = Microsoft.ML.Transforms.Image.ImagePixelExtractingEstimator.ColorsOrder;

namespace Host.Behaviour.Tests.Images;

/// <summary>LoadImages and ExtractPixels, as their pages describe them.</summary>
[TestClass]
public sealed class ImageTransformTests
{
    private readonly MLContext _ml = new(1);

    [TestInitialize]
    public void RequireDecoders() => Pictures.RequireDecoders();

    [TestMethod]
    public void LoadImages_reads_files_below_the_folder()
    {
        IDataView rows = Files([10, 20, 30]);

        IDataView loaded = _ml.Transforms.LoadImages("picture", TempFolder.Path, "Path").Fit(rows).Transform(rows);

        Assert.IsInstanceOfType<ImageDataViewType>(loaded.Schema["picture"].Type);
        CollectionAssert.AreEqual(
            new byte[] { 10, 20, 30 },
            loaded.GetColumn<MLImage>("picture").Select(image => image.GetBGRPixels[0]).ToArray());
    }

    [TestMethod]
    public void LoadImages_missing_file_throws_when_it_is_read()
    {
        IDataView rows = _ml.Data.LoadFromEnumerable<PathRow>([new() { Path = "no-such-picture.png" }]);

        IDataView loaded = _ml.Transforms.LoadImages("picture", TempFolder.Path, "Path").Fit(rows).Transform(rows);

        Assert.Throws<Exception>(() => loaded.GetColumn<MLImage>("picture").ToArray());
    }

    [TestMethod]
    public void LoadImages_column_that_is_no_text_throws() => Assert.ThrowsExactly<ArgumentOutOfRangeException>(
        () => _ml.Transforms.LoadImages("picture", TempFolder.Path, "Image").Fit(Rows()));

    [TestMethod]
    public void LoadImages_missing_column_throws()
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => _ml.Transforms.LoadImages("picture", TempFolder.Path).Fit(Rows()));

        Assert.AreEqual("Could not find input column 'picture' (Parameter 'inputSchema')", error.Message);
    }

    // Red, green and blue of two pixels, plane by plane.
    [TestMethod]
    public void ExtractPixels_by_default_gives_planes_of_red_green_and_blue() =>
        Check("3 6 2 5 1 4", _ml.Transforms.ExtractPixels("pixels", "Image"));

    [TestMethod]
    public void ExtractPixels_interleaved_gives_pixel_after_pixel() =>
        Check("3 2 1 6 5 4", _ml.Transforms.ExtractPixels("pixels", "Image", interleavePixelColors: true));

    [TestMethod]
    public void ExtractPixels_gives_the_order_that_is_asked_for() => Check(
        "1 2 3 4 5 6",
        _ml.Transforms.ExtractPixels(
            "pixels", "Image", orderOfExtraction: ColorsOrder.ABGR, interleavePixelColors: true));

    [TestMethod]
    public void ExtractPixels_gives_the_colours_that_are_asked_for()
    {
        Check("2 5", _ml.Transforms.ExtractPixels("pixels", "Image", ColorBits.Green));
        Check("255 255 3 6", _ml.Transforms.ExtractPixels("pixels", "Image", ColorBits.Alpha | ColorBits.Red));
    }

    [TestMethod]
    public void ExtractPixels_takes_the_offset_off_before_it_scales() => Check(
        "1 2.5 0.5 2 0 1.5", _ml.Transforms.ExtractPixels("pixels", "Image", offsetImage: 1, scaleImage: 0.5f));

    [TestMethod]
    public void ExtractPixels_as_bytes()
    {
        IDataView rows = Rows();

        IDataView pixels = _ml.Transforms.ExtractPixels("pixels", "Image", outputAsFloatArray: false)
            .Fit(rows).Transform(rows);

        CollectionAssert.AreEqual(new byte[] { 3, 6, 2, 5, 1, 4 }, pixels.GetColumn<byte[]>("pixels").Single());
    }

    [TestMethod]
    public void ExtractPixels_of_pictures_of_any_size_throws()
    {
        IDataView rows = _ml.Data.LoadFromEnumerable<AnyRow>([new() { Image = Pair(MLPixelFormat.Bgra32) }]);

        Assert.Throws<Exception>(
            () => _ml.Transforms.ExtractPixels("pixels", "Image").Fit(rows).Transform(rows).Preview());
    }

    [TestMethod]
    public void ExtractPixels_column_without_pictures_throws() => Assert.ThrowsExactly<ArgumentOutOfRangeException>(
        () => _ml.Transforms.ExtractPixels("pixels", "Path").Fit(Files([1])));

    [TestMethod]
    public void ExtractPixels_does_not_depend_on_the_format()
    {
        IDataView rows = _ml.Data.LoadFromEnumerable<PairRow>([new() { Image = Pair(MLPixelFormat.Rgba32) }]);

        IDataView pixels = _ml.Transforms.ExtractPixels("pixels", "Image").Fit(rows).Transform(rows);

        Assert.AreEqual("1 4 2 5 3 6", string.Join(" ", pixels.GetColumn<float[]>("pixels").Single()));
    }

    [TestMethod]
    public void Save_and_Load_keep_every_setting()
    {
        IDataView rows = Rows();
        ITransformer model = _ml.Transforms
            .ExtractPixels("pixels", "Image", ColorBits.Blue, ColorsOrder.AGBR, true, 1, 3)
            .Append(_ml.Transforms.CopyColumns("copy", "pixels")).Fit(rows);
        MemoryStream stream = new();
        _ml.Model.Save(model, null, stream);
        stream.Position = 0;

        ITransformer loaded = new MLContext().Model.Load(stream, out _);

        Assert.AreEqual("0 9", string.Join(" ", loaded.Transform(rows).GetColumn<float[]>("copy").Single()));
    }

    private static MLImage Pair(MLPixelFormat format) =>
        MLImage.CreateFromPixels(2, 1, format, [1, 2, 3, 255, 4, 5, 6, 255]);

    private void Check(string expected, ImagePixelExtractingEstimator estimator)
    {
        IDataView rows = Rows();

        IDataView pixels = estimator.Fit(rows).Transform(rows);

        IEnumerable<string> values = pixels.GetColumn<float[]>("pixels").Single()
            .Select(value => value.ToString(CultureInfo.InvariantCulture));
        Assert.AreEqual(expected, string.Join(" ", values));
        Assert.AreEqual(
            expected.Split(' ').Length, ((VectorDataViewType)pixels.Schema["pixels"].Type).Size);
    }

    private IDataView Rows() => _ml.Data.LoadFromEnumerable<PairRow>([new() { Image = Pair(MLPixelFormat.Bgra32) }]);

    private IDataView Files(byte[] greys)
    {
        foreach (byte grey in greys)
            File.WriteAllBytes(Path.Combine(TempFolder.Path, $"{grey}.png"), Png.Of(1, 1, Png.Grey, 8, [grey]));
        return _ml.Data.LoadFromEnumerable(greys.Select(grey => new PathRow { Path = $"{grey}.png" }).ToArray());
    }

    private sealed class PathRow
    {
        public string Path { get; set; }
    }

    private sealed class PairRow
    {
        [ImageType(1, 2)]
        public MLImage Image { get; set; }
    }

    private sealed class AnyRow
    {
        [ImageType]
        public MLImage Image { get; set; }
    }
}
