// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using Microsoft.ML.Transforms.Onnx;

namespace Host.Behaviour.Tests.Networks;

/// <summary>Networks among other transforms: views, prediction, saving and loading.</summary>
[TestClass]
public sealed class PipelineTests : NetworkTests
{
    [TestMethod]
    public void Transform_passes_other_columns_on()
    {
        IDataView rows = Rows(3);

        IDataView scored = Ml.Transforms.ApplyOnnxModel("scores", "x", RankerStream()).Fit(rows).Transform(rows);

        CollectionAssert.AreEqual(new[] { 0, 1, 2 }, scored.GetColumn<int>("Id").ToArray());
        Assert.AreEqual(rows.GetRowCount(), scored.GetRowCount());
        Assert.AreEqual("3 3.5", Text(Floats(Ml.Data.TakeRows(Ml.Data.SkipRows(scored, 1), 1), "scores")));
    }

    [TestMethod]
    public void Fit_later_transforms_know_the_outputs()
    {
        IDataView rows = Rows(2);
        IEstimator<ITransformer> chain = Ml.Transforms.ApplyOnnxModel("scores", "x", RankerStream())
            .Append(Ml.Transforms.NormalizeLpNorm("unit", "scores", LpNormNormalizingEstimatorBase.NormFunction.L1));

        IDataView scored = chain.Fit(rows).Transform(rows);

        Assert.AreEqual(0.75f, Floats(scored, "unit")[0][1], 1e-6f);
    }

    [TestMethod]
    public void GetRowCursorSet_gives_every_row_once()
    {
        IDataView rows = Rows(50);
        IDataView scored = Ml.Transforms.ApplyOnnxModel("scores", "x", RankerStream()).Fit(rows).Transform(rows);
        List<string> seen = [];

        foreach (DataViewRowCursor cursor in scored.GetRowCursorSet(scored.Schema, 2))
        {
            using (cursor)
            {
                ValueGetter<int> id = cursor.GetGetter<int>(scored.Schema["Id"]);
                ValueGetter<VBuffer<float>> scores = cursor.GetGetter<VBuffer<float>>(scored.Schema["scores"]);
                int number = 0;
                VBuffer<float> values = default;
                while (cursor.MoveNext())
                {
                    id(ref number);
                    scores(ref values);
                    seen.Add($"{number}:{string.Join(" ", values.DenseValues())}");
                }
            }
        }

        CollectionAssert.AreEquivalent(
            Enumerable.Range(0, 50).Select(i => $"{i}:{1 + 2f * i} {3 + 0.5f * i}").ToArray(), seen);
    }

    [TestMethod]
    public void Predict_runs_the_network_on_each_row()
    {
        OnnxTransformer transformer = Ml.Transforms.ApplyOnnxModel(RankerStream()).Fit(Rows(1));
        using PredictionEngine<XRow, Scored> engine = Ml.Model.CreatePredictionEngine<XRow, Scored>(transformer);

        Scored first = engine.Predict(new XRow { X = [1, 0, 1] });
        Scored second = engine.Predict(new XRow { X = [1, 3, 1] });

        Assert.AreEqual("1 3 | 7 4.5", Text([first.Scores, second.Scores]));
        Assert.AreEqual((1L, 0L), (first.Place[0], second.Place[0]));
    }

    [TestMethod]
    public void Load_in_another_context_gives_the_same()
    {
        IDataView rows = Rows();
        ITransformer model = Ml.Transforms.ApplyOnnxModel(["scores"], ["x"], RankerStream())
            .Append(Ml.Transforms.CopyColumns("copy", "scores")).Fit(rows);
        MemoryStream stream = new();
        Ml.Model.Save(model, rows.Schema, stream);
        stream.Position = 0;

        ITransformer loaded = new MLContext().Model.Load(stream, out DataViewSchema schema);

        IDataView scored = loaded.Transform(rows);
        Assert.HasCount(rows.Schema.Count, schema);
        Assert.AreEqual("scores:Vector<Single, 1, 2> copy:Vector<Single, 1, 2>", Columns(scored, 2));
        Assert.AreEqual("1 3 | 3 3.5 | 5 4 | 7 4.5", Text(Floats(scored, "copy")));
    }

    [TestMethod]
    public void Load_needs_no_file_of_the_network()
    {
        string file = Path.Combine(Harness.TempFolder.Path, "gone.onnx");
        File.WriteAllBytes(file, Ranker());
        IDataView rows = Rows(1);
        MemoryStream stream = new();
        using (OnnxTransformer model = Ml.Transforms.ApplyOnnxModel(file).Fit(rows))
            Ml.Model.Save(model, rows.Schema, stream);
        File.Delete(file);
        stream.Position = 0;

        ITransformer loaded = Ml.Model.Load(stream, out _);

        Assert.AreEqual("1 3", Text(Floats(loaded.Transform(rows), "scores")));
    }
}
