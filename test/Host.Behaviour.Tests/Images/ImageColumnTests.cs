// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Host.Behaviour.Tests.Images;

/// <summary>Pictures in columns: what the host does with types from outside it.</summary>
/// <remarks>Seen with the real host 5.0.0 and the stand-in of the pictures.</remarks>
[TestClass]
public sealed class ImageColumnTests
{
    private readonly MLContext _ml = new(1);

    [TestInitialize]
    public void RequireDecoders() => Pictures.RequireDecoders();

    [TestMethod]
    public void LoadFromEnumerable_gives_the_type_of_the_attribute()
    {
        var type = (ImageDataViewType)Sized(1).Schema["Image"].Type;

        Assert.AreEqual((2, 3), (type.Height, type.Width));
        Assert.AreEqual(typeof(MLImage), type.RawType);
        Assert.AreEqual(new ImageDataViewType(2, 3), type);
        Assert.AreNotEqual(new ImageDataViewType(), type);
    }

    [TestMethod]
    public void LoadFromEnumerable_attribute_without_size_leaves_it_open()
    {
        var type = (ImageDataViewType)_ml.Data.LoadFromEnumerable<AnyPicture>([new()]).Schema["Image"].Type;

        Assert.AreEqual((0, 0), (type.Height, type.Width));
    }

    [TestMethod]
    public void LoadFromEnumerable_member_without_attribute_throws()
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => _ml.Data.LoadFromEnumerable<BarePicture>([new()]));

        Assert.AreEqual(
            "Could not determine an IDataView type and registered custom types for member Image (Parameter 'rawType')",
            error.Message);
    }

    [TestMethod]
    public void GetColumn_gives_the_very_pictures()
    {
        MLImage image = Picture();
        IDataView view = _ml.Data.LoadFromEnumerable<SizedPicture>([new() { Image = image }, new() { Image = null }]);

        MLImage[] images = [.. view.GetColumn<MLImage>("Image")];

        Assert.AreSame(image, images[0]);
        Assert.IsNull(images[1]);
    }

    [TestMethod]
    public void CreateEnumerable_binds_whatever_size_the_member_has()
    {
        Assert.AreEqual(3, _ml.Data.CreateEnumerable<SizedPicture>(Sized(1), false).Single().Image.Width);
        Assert.AreEqual(3, _ml.Data.CreateEnumerable<AnyPicture>(Sized(1), false).Single().Image.Width);
    }

    [TestMethod]
    public void CreateEnumerable_number_for_a_picture_throws()
    {
        IDataView numbers = _ml.Data.LoadFromEnumerable<NumberNamedImage>([new()]);

        var error = Assert.ThrowsExactly<InvalidOperationException>(
            () => _ml.Data.CreateEnumerable<AnyPicture>(numbers, false).Single());

        Assert.AreEqual(
            "Can't bind the IDataView column 'Image' of type 'Single' to field or property 'Image' of type "
            + "'Microsoft.ML.Data.MLImage'.",
            error.Message);
    }

    [TestMethod]
    public void CreateEnumerable_picture_for_a_number_throws() => Assert.ThrowsExactly<InvalidOperationException>(
        () => _ml.Data.CreateEnumerable<NumberNamedImage>(Sized(1), false).Single());

    [TestMethod]
    public void TrainTestSplit_keeps_pictures()
    {
        DataOperationsCatalog.TrainTestData parts = _ml.Data.TrainTestSplit(Sized(10), 0.3);

        MLImage[] images =
            [.. parts.TrainSet.GetColumn<MLImage>("Image"), .. parts.TestSet.GetColumn<MLImage>("Image")];
        Assert.HasCount(10, images);
        Assert.IsTrue(images.All(image => image.Width == 3));
    }

    [TestMethod]
    public void Cache_and_ShuffleRows_leave_pictures_out()
    {
        Assert.AreEqual("Label", Names(_ml.Data.Cache(Sized(1))));
        Assert.AreEqual("Label", Names(_ml.Data.ShuffleRows(Sized(1))));
    }

    [TestMethod]
    public void Cache_of_pictures_by_name_throws()
    {
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => _ml.Data.Cache(Sized(1), "Image"));

        StringAssert.StartsWith(
            error.Message,
            "Asked to prefetch column 'Image' into cache, but it is of unhandled type '",
            StringComparison.Ordinal);
    }

    [TestMethod]
    public void FilterRowsByMissingValues_of_pictures_throws() => Assert.ThrowsExactly<ArgumentOutOfRangeException>(
        () => _ml.Data.FilterRowsByMissingValues(Sized(1), "Image"));

    [TestMethod]
    public void Save_leaves_pictures_out_of_the_schema()
    {
        IDataView view = Sized(1);
        MemoryStream stream = new();
        _ml.Model.Save(_ml.Transforms.CopyColumns("Copy", "Image").Fit(view), view.Schema, stream);
        stream.Position = 0;

        ITransformer model = _ml.Model.Load(stream, out DataViewSchema schema);

        Assert.AreEqual("Label", string.Join(",", schema.Select(column => column.Name)));
        Assert.AreEqual(3, model.Transform(view).GetColumn<MLImage>("Copy").Single().Width);
    }

    [TestMethod]
    public void Save_of_a_schema_of_pictures_alone_throws()
    {
        IDataView view = _ml.Data.LoadFromEnumerable<AnyPicture>([new()]);
        ITransformer model = _ml.Transforms.CopyColumns("Copy", "Image").Fit(view);

        var error = Assert.ThrowsExactly<InvalidOperationException>(
            () => _ml.Model.Save(model, view.Schema, new MemoryStream()));

        Assert.AreEqual("No valid columns to save", error.Message);
    }

    [TestMethod]
    public void Predict_takes_and_gives_pictures()
    {
        ITransformer model = _ml.Transforms.CopyColumns("Copy", "Image").Fit(Sized(1));
        using PredictionEngine<AnyPicture, CopiedPicture> engine =
            _ml.Model.CreatePredictionEngine<AnyPicture, CopiedPicture>(model);
        MLImage image = Picture();

        Assert.AreSame(image, engine.Predict(new AnyPicture { Image = image }).Copy);
    }

    private static MLImage Picture() => MLImage.CreateFromPixels(3, 2, MLPixelFormat.Bgra32, new byte[24]);

    private static string Names(IDataView view) => string.Join(",", view.Schema.Select(column => column.Name));

    private IDataView Sized(int count) => _ml.Data.LoadFromEnumerable(
        Enumerable.Range(0, count).Select(i => new SizedPicture { Image = Picture(), Label = $"{i}" }).ToArray());

    private sealed class SizedPicture
    {
        public string Label { get; set; }

        [ImageType(2, 3)]
        public MLImage Image { get; set; }
    }

    private sealed class AnyPicture
    {
        [ImageType]
        public MLImage Image { get; set; }
    }

    private sealed class BarePicture
    {
        public MLImage Image { get; set; }
    }

    private sealed class NumberNamedImage
    {
        public float Image { get; set; }
    }

    private sealed class CopiedPicture
    {
        [ImageType(2, 3)]
        public MLImage Copy { get; set; }
    }
}
