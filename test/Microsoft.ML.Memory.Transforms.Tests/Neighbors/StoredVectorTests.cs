// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Memory.Transforms.Tests.Neighbors;

[TestClass]
public sealed class StoredVectorTests
{
    private readonly MLContext _mlContext = new(seed: 0);

    [TestMethod]
    public void Vectors_come_back_neighbour_by_neighbour()
    {
        IDataView found = Fit(VectorValues.Rows).Transform(VectorValues.View(_mlContext));

        // from 0 the two nearest are 0 and 1, from 1 they are 1 and 0, from 2 they are 2 and 1
        float[][] grids = [.. found.GetColumn<float[]>("NeighborGrid")];
        CollectionAssert.AreEqual(new[] { 1, 2, 3, 4, 5, 6, float.NaN, 0, 0, 0, 0, 7 }, grids[0]);
        CollectionAssert.AreEqual(new[] { float.NaN, 0, 0, 0, 0, 7, 1, 2, 3, 4, 5, 6 }, grids[1]);
        Assert.IsTrue(float.IsNegative(grids[1][1]));
        CollectionAssert.AreEqual(
            new[] { "x", "y", "", "tab\t🌍" }, found.GetColumn<string[]>("NeighborWords").Last());
        CollectionAssert.AreEqual(
            new[] { 0, 0.5, 0, 0, -1, 0, 0, 0, 0, 0 }, found.GetColumn<double[]>("NeighborSparse").Last());
    }

    [TestMethod]
    public void Their_type_says_that_there_may_be_any_number()
    {
        NearestNeighborsTransformer lookup = Fit(VectorValues.Rows);
        DataViewSchema schema = lookup.GetOutputSchema(VectorValues.View(_mlContext).Schema);

        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 0, 2, 3), schema["NeighborGrid"].Type);
        Assert.AreEqual(new VectorDataViewType(TextDataViewType.Instance, 0, 2), schema["NeighborWords"].Type);
        SchemaShape shape = _mlContext.Transforms.NearestNeighbors(storedColumnNames: VectorValues.Names)
            .GetOutputSchema(Schemas.ShapeOf(VectorValues.View(_mlContext)));
        SchemaShape.Column grid = shape.Single(column => column.Name == "NeighborGrid");
        Assert.AreEqual(SchemaShape.Column.VectorKind.VariableVector, grid.Kind);
        Assert.AreEqual(NumberDataViewType.Single, grid.ItemType);
    }

    [TestMethod]
    public void They_are_added_kept_and_saved()
    {
        using var file = new MemoryStream();
        NearestNeighborsTransformer grown = Fit(VectorValues.Rows[..1])
            .Add(_mlContext.Data.LoadFromEnumerable(VectorValues.Rows[1..])).Remove(0);

        _mlContext.Model.Save(grown, null, file);
        ITransformer loaded = _mlContext.Model.Load(file, out _);

        foreach (ITransformer lookup in (ITransformer[])[grown, loaded])
        {
            IDataView found = lookup.Transform(VectorValues.View(_mlContext));
            CollectionAssert.AreEqual(
                new[] { float.NaN, 0, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0 }, found.GetColumn<float[]>("NeighborGrid").First());
            CollectionAssert.AreEqual(
                new[] { "", "tab\t🌍", "x", "y" }, found.GetColumn<string[]>("NeighborWords").First());
            CollectionAssert.AreEqual(
                new[] { 0, 0, 0, 0, 0, 0, 0.5, 0, 0, -1 }, found.GetColumn<double[]>("NeighborSparse").First());
        }
    }

    [TestMethod]
    public void Where_no_neighbour_is_near_enough_there_are_no_values()
    {
        IDataView found = Fit(VectorValues.Rows, farthest: 0)
            .Transform(_mlContext.Data.LoadFromEnumerable([new VectorValues { Features = [9] }]));

        Assert.IsEmpty(found.GetColumn<float[]>("NeighborGrid").Single());
    }

    [TestMethod]
    public void Rows_to_be_added_must_have_vectors_of_the_size_that_is_stored()
    {
        NearestNeighborsTransformer lookup = Fit(VectorValues.Rows);
        IDataView wider = _mlContext.Transforms.Concatenate("Grid", "Grid", "Features")
            .Fit(VectorValues.View(_mlContext)).Transform(VectorValues.View(_mlContext));

        Assert.AreEqual(
            "Column 'Grid' must be of type Vector<Single, 2, 3>. Got Vector<Single, 7>. "
            + "Give rows of the type and size that is stored.",
            Assert.ThrowsExactly<ArgumentException>(() => lookup.Add(wider)).Message);
    }

    [TestMethod]
    public void A_row_that_breaks_the_declared_size_is_named()
    {
        VectorValues[] rows = VectorValues.Rows;
        rows[1].Words = ["only one"];

        Assert.AreEqual(
            "Column 'Words' must hold 2 values in every row. Got 1 in row 1.",
            Assert.ThrowsExactly<InvalidOperationException>(() => Fit(rows)).Message);
    }

    [TestMethod]
    public void An_image_is_neither_a_value_nor_a_vector_of_them()
    {
        IDataView pictures = _mlContext.Data.LoadFromEnumerable([new Pictured()]);
        NearestNeighborsEstimator estimator = _mlContext.Transforms.NearestNeighbors(storedColumnNames: "Picture");

        const string Expected = "Column 'Picture' must hold a text, number, Boolean, date or time span, or a vector of "
            + "them with a fixed size, to be stored. Got {0}. Store what it stands for: map a key with "
            + "mlContext.Transforms.Conversion.MapKeyToValue.";
        Assert.AreEqual(
            string.Format(CultureInfo.InvariantCulture, Expected, "Image<2, 3>"),
            Assert.ThrowsExactly<ArgumentException>(() => estimator.Fit(pictures)).Message);
        Assert.AreEqual(
            string.Format(CultureInfo.InvariantCulture, Expected, "Scalar of Image<2, 3>"),
            Assert.ThrowsExactly<ArgumentException>(
                () => estimator.GetOutputSchema(Schemas.ShapeOf(pictures))).Message);
    }

    private NearestNeighborsTransformer Fit(VectorValues[] rows, float? farthest = null) =>
        _mlContext.Transforms.NearestNeighbors(new NearestNeighborsOptions
        {
            NeighborCount = 2,
            Metric = Metric.SquaredEuclidean,
            LargestDistance = farthest,
            StoredColumnNames = VectorValues.Names,
        }).Fit(_mlContext.Data.LoadFromEnumerable(rows));

    private sealed class Pictured
    {
        [ImageType(2, 3)]
        public MLImage? Picture { get; set; }

        [VectorType(1)]
        public float[] Features { get; set; } = [0];
    }
}
