// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using Anchor = Microsoft.ML.Transforms.Image.ImageResizingEstimator.Anchor;
using ResizingKind = Microsoft.ML.Transforms.Image.ImageResizingEstimator.ResizingKind;

namespace Host.Behaviour.Tests.Images;

/// <summary>What the pages say of ResizeImages: sizes and sides, not how pixels are interpolated.</summary>
[TestClass]
public sealed class ResizeTests
{
    // Large enough for places that are far from edges, whatever the interpolation.
    private const int Size = 16;

    private readonly MLContext _ml = new(1);

    [TestInitialize]
    public void RequireDecoders() => Pictures.RequireDecoders();

    [TestMethod]
    [DataRow(ResizingKind.Fill)]
    [DataRow(ResizingKind.IsoCrop)]
    [DataRow(ResizingKind.IsoPad)]
    public void ResizeImages_gives_pictures_of_the_size(ResizingKind kind)
    {
        IDataView rows = Rows(Halves(64, 32));

        IDataView resized = _ml.Transforms.ResizeImages("small", 20, 10, "Image", kind).Fit(rows).Transform(rows);

        var type = (ImageDataViewType)resized.Schema["small"].Type;
        MLImage image = resized.GetColumn<MLImage>("small").Single();
        Assert.AreEqual((10, 20), (type.Height, type.Width));
        Assert.AreEqual((10, 20), (image.Height, image.Width));
    }

    [TestMethod]
    public void ResizeImages_fill_keeps_both_halves()
    {
        byte[] reds = Reds(ResizingKind.Fill, Anchor.Center);

        Assert.AreEqual((0, 200), (At(reds, 2, 8), At(reds, 13, 8)));
    }

    [TestMethod]
    public void ResizeImages_crop_keeps_the_side_of_the_anchor()
    {
        byte[] left = Reds(ResizingKind.IsoCrop, Anchor.Left);
        byte[] right = Reds(ResizingKind.IsoCrop, Anchor.Right);
        byte[] center = Reds(ResizingKind.IsoCrop, Anchor.Center);

        Assert.AreEqual((0, 0), (At(left, 2, 8), At(left, 13, 8)));
        Assert.AreEqual((200, 200), (At(right, 2, 8), At(right, 13, 8)));
        Assert.AreEqual((0, 200), (At(center, 2, 8), At(center, 13, 8)));
    }

    [TestMethod]
    public void ResizeImages_pad_leaves_the_rest_empty()
    {
        byte[] reds = Reds(ResizingKind.IsoPad, Anchor.Center);

        // A picture twice as wide as high fills the middle half.
        Assert.AreEqual((200, 0, 0), (At(reds, 13, 8), At(reds, 13, 1), At(reds, 13, 14)));
    }

    [TestMethod]
    public void ResizeImages_of_the_same_size_changes_nothing()
    {
        MLImage picture = Halves(Size, Size);
        IDataView rows = Rows(picture);

        IDataView resized = _ml.Transforms.ResizeImages("same", Size, Size, "Image").Fit(rows).Transform(rows);

        CollectionAssert.AreEqual(picture.GetBGRPixels, resized.GetColumn<MLImage>("same").Single().GetBGRPixels);
    }

    [TestMethod]
    public void ResizeImages_makes_sizes_known_to_ExtractPixels()
    {
        IDataView rows = Rows(Halves(64, 32));
        ITransformer model = _ml.Transforms.ResizeImages("Image", Size, Size)
            .Append(_ml.Transforms.ExtractPixels("pixels", "Image")).Fit(rows);
        MemoryStream stream = new();
        _ml.Model.Save(model, null, stream);
        stream.Position = 0;

        IDataView pixels = new MLContext().Model.Load(stream, out _).Transform(rows);

        Assert.HasCount(3 * Size * Size, pixels.GetColumn<float[]>("pixels").Single());
    }

    [TestMethod]
    [DataRow(0, 5)]
    [DataRow(5, -1)]
    public void ResizeImages_size_below_one_throws(int width, int height)
    {
        IDataView rows = Rows(Halves(2, 2));

        Assert.Throws<Exception>(() => _ml.Transforms.ResizeImages("small", width, height, "Image").Fit(rows));
    }

    // The left half has red 0, the right half red 200.
    private static MLImage Halves(int width, int height)
    {
        byte[] pixels = new byte[width * height * 4];
        for (int i = 0; i < width * height; i++)
        {
            pixels[i * 4 + 2] = (byte)(i % width < width / 2 ? 0 : 200);
            pixels[i * 4 + 3] = byte.MaxValue;
        }
        return MLImage.CreateFromPixels(width, height, MLPixelFormat.Bgra32, pixels);
    }

    private static int At(byte[] reds, int column, int row) => reds[row * Size + column];

    private byte[] Reds(ResizingKind kind, Anchor anchor)
    {
        IDataView rows = Rows(Halves(64, 32));

        IDataView resized = _ml.Transforms.ResizeImages("small", Size, Size, "Image", kind, anchor)
            .Fit(rows).Transform(rows);

        return [.. resized.GetColumn<MLImage>("small").Single().GetBGRPixels.Where((_, i) => i % 3 == 2)];
    }

    private IDataView Rows(MLImage image) => _ml.Data.LoadFromEnumerable<PictureRow>([new() { Image = image }]);

    private sealed class PictureRow
    {
        [ImageType]
        public MLImage Image { get; set; }
    }
}
