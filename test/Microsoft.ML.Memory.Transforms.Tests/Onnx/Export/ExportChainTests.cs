// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Transforms.Tests.Onnx.Export;

/// <summary>Chains of transformers as one graph, and what is refused.</summary>
[TestClass]
public sealed class ExportChainTests
{
    private const int Dimension = 12;

    private readonly MLContext _mlContext = new(seed: 0);

    [TestMethod]
    public void Mapping_the_label_and_the_prediction_is_left_out()
    {
        IDataView train = VectorRows.View(_mlContext, VectorRows.Draw(80, Dimension, classCount: 3, seed: 1));
        ITransformer model = Points.Pipeline(_mlContext).Fit(train);
        VectorRow<string>[] queries = VectorRows.Draw(30, Dimension, 3, seed: 2);

        using GraphRun graph = GraphRun.Of(model, new OnnxExportOptions { InputSchema = train.Schema });

        string[] own =
        [
            .. _mlContext.Data.CreateEnumerable<PointPrediction>(
                model.Transform(VectorRows.View(_mlContext, queries)), false).Select(row => row.PredictedLabel),
        ];
        CollectionAssert.AreEqual(
            own, (string[])graph.Run(VectorRows.Flat(queries), Dimension, 7)["PredictedLabel"]);
    }

    [TestMethod]
    public void Foreign_steps_without_a_schema_are_refused()
    {
        ITransformer model = Points.Pipeline(_mlContext).Fit(
            VectorRows.View(_mlContext, VectorRows.Draw(20, Dimension, classCount: 3, seed: 1)));

        ExportRefusal.Assert<InvalidOperationException>(
            "A step of the model must be a memory or its encoder to be exported without a schema. Got "
            + "ValueToKeyMappingTransformer. Give OnnxExportOptions.InputSchema, which tells whether it is needed.",
            () => GraphRun.Export(model));
    }

    [TestMethod]
    public void A_step_that_makes_the_features_is_refused_by_name()
    {
        IDataView train = VectorRows.View(_mlContext, VectorRows.Draw(20, Dimension, classCount: 3, seed: 1));
        ITransformer model = _mlContext.Transforms.CopyColumns("Copied", "Features")
            .Append(_mlContext.Transforms.Conversion.MapValueToKey("Label"))
            .Append(_mlContext.MulticlassClassification.Trainers.VisualMemory(
                new VisualMemoryOptions { FeatureColumnName = "Copied" }))
            .Fit(train);

        ExportRefusal.Assert<InvalidOperationException>(
            "Every step that a prediction needs must be a memory or its encoder to be exported. Got "
            + "ColumnCopyingTransformer, which makes column 'Copied'. Export the model without it.",
            () => GraphRun.Export(model, new OnnxExportOptions { InputSchema = train.Schema }));
    }

    [TestMethod]
    public void Keys_are_refused_where_the_model_maps_them_to_values()
    {
        IDataView train = VectorRows.View(_mlContext, VectorRows.Draw(20, Dimension, classCount: 3, seed: 1));
        ITransformer model = Points.Pipeline(_mlContext).Fit(train);

        ExportRefusal.Assert<InvalidOperationException>(
            "OnnxExportOptions.Labels must be Values for a model that maps 'PredictedLabel' to its values. Got Keys.",
            () => GraphRun.Export(
                model, new OnnxExportOptions { InputSchema = train.Schema, Labels = OnnxLabels.Keys }));
    }

    [TestMethod]
    [DataRow(OnnxLabels.Values)]
    [DataRow(OnnxLabels.Keys)]
    [DataRow(OnnxLabels.Indices)]
    public void Values_under_another_name_become_an_output_of_that_name(OnnxLabels labels)
    {
        IDataView train = VectorRows.View(_mlContext, VectorRows.Draw(80, Dimension, classCount: 3, seed: 1));
        ITransformer model = _mlContext.Transforms.Conversion.MapValueToKey("Label")
            .Append(_mlContext.MulticlassClassification.Trainers.VisualMemory(
                new VisualMemoryOptions { NeighborCount = 5, NeighborColumns = NeighborColumns.Labels }))
            .Append(_mlContext.Transforms.Conversion.MapKeyToValue("Text", "PredictedLabel"))
            .Append(_mlContext.Transforms.Conversion.MapKeyToValue("Texts", "NeighborLabels"))
            .Fit(train);
        VectorRow<string>[] queries = VectorRows.Draw(30, Dimension, 3, seed: 2);
        queries[4].Features = [.. queries[4].Features];
        queries[4].Features[2] = float.NaN;

        using GraphRun graph = GraphRun.Of(
            model, new OnnxExportOptions { InputSchema = train.Schema, Labels = labels });

        Dictionary<string, Array> values = graph.Run(VectorRows.Flat(queries), Dimension, 7);
        TextRow[] own =
        [
            .. _mlContext.Data.CreateEnumerable<TextRow>(
                model.Transform(VectorRows.View(_mlContext, queries)), false),
        ];
        CollectionAssert.AreEqual(own.Select(row => row.Text ?? "").ToArray(), (string[])values["Text"]);
        Assert.AreEqual("", ((string[])values["Text"])[4]);
        string[] neighbors = (string[])values["Texts"];
        CollectionAssert.AreEqual(own[0].Texts, neighbors[..5]);
        Assert.AreEqual(
            labels switch
            {
                OnnxLabels.Values => typeof(string[]),
                OnnxLabels.Keys => typeof(uint[]),
                _ => typeof(long[]),
            },
            values["PredictedLabel"].GetType());
    }

    [TestMethod]
    public void A_step_behind_the_memory_that_maps_another_column_is_refused()
    {
        IDataView train = VectorRows.View(_mlContext, VectorRows.Draw(20, Dimension, classCount: 3, seed: 1));
        ITransformer model = _mlContext.Transforms.Conversion.MapValueToKey("Label")
            .Append(_mlContext.MulticlassClassification.Trainers.VisualMemory())
            .Append(_mlContext.Transforms.Conversion.MapKeyToValue("Truth", "Label"))
            .Fit(train);

        ExportRefusal.Assert<InvalidOperationException>(
            "Every step behind the memory must map PredictedLabel or NeighborLabels to their values to be exported. "
            + "Got KeyToValueMappingTransformer, which makes column 'Truth'. Export the model without it.",
            () => GraphRun.Export(model, new OnnxExportOptions { InputSchema = train.Schema }));
    }

    [TestMethod]
    public void A_copy_of_the_prediction_is_refused()
    {
        IDataView train = VectorRows.View(_mlContext, VectorRows.Draw(20, Dimension, classCount: 3, seed: 1));
        ITransformer model = _mlContext.Transforms.Conversion.MapValueToKey("Label")
            .Append(_mlContext.MulticlassClassification.Trainers.VisualMemory())
            .Append(_mlContext.Transforms.CopyColumns("Copied", "PredictedLabel"))
            .Fit(train);

        ExportRefusal.Assert<InvalidOperationException>(
            "Every step behind the memory must map PredictedLabel or NeighborLabels to their values to be exported. "
            + "Got ColumnCopyingTransformer, which makes column 'Copied'. Export the model without it.",
            () => GraphRun.Export(model, new OnnxExportOptions { InputSchema = train.Schema }));
    }

    [TestMethod]
    public void A_model_without_a_memory_is_refused()
    {
        ITransformer model = _mlContext.Transforms.CopyColumns("Copied", "Features").Fit(
            VectorRows.View(_mlContext, VectorRows.Draw(20, Dimension, classCount: 3, seed: 1)));

        ExportRefusal.Assert<InvalidOperationException>(
            "The model must hold exactly one memory classifier or regression to be exported. Got 0.",
            () => GraphRun.Export(model));
    }

    [TestMethod]
    public void A_memory_that_ranks_candidates_is_refused()
    {
        VisualMemoryTransformer memory = _mlContext.MulticlassClassification.Trainers
            .VisualMemory(new VisualMemoryOptions { CandidateColumnName = "NeighborIds" })
            .Fit(VectorRows.Keyed(_mlContext, VectorRows.Draw(20, Dimension, classCount: 3, seed: 1)));

        ExportRefusal.Assert<InvalidOperationException>(
            "VisualMemoryTransformer.ExportToOnnx must have a memory that searches all its entries. "
            + "Got one that ranks the candidates in column 'NeighborIds'.",
            () => GraphRun.Export(memory));
    }

    [TestMethod]
    public void Too_many_running_totals_are_refused()
    {
        VisualMemoryTransformer memory = _mlContext.MulticlassClassification.Trainers.VisualMemory(neighborCount: 5000)
            .Fit(VectorRows.Keyed(_mlContext, VectorRows.Draw(3000, 2, classCount: 3, seed: 1)));

        ExportRefusal.Assert<InvalidOperationException>(
            "VisualMemoryOptions.NeighborCount must be at most 2048 to be exported with TieBreak FirstToReach. "
            + "Got 3000. Take fewer neighbours or another tie rule.",
            () => GraphRun.Export(memory));
    }

    [TestMethod]
    public void Features_named_like_an_output_are_refused()
    {
        IDataView rows = _mlContext.Transforms.CopyColumns("Score", "Features").Fit(
            VectorRows.Keyed(_mlContext, VectorRows.Draw(20, 2, classCount: 3, seed: 1)))
            .Transform(VectorRows.Keyed(_mlContext, VectorRows.Draw(20, 2, classCount: 3, seed: 1)));
        VisualMemoryTransformer memory = _mlContext.MulticlassClassification.Trainers
            .VisualMemory(new VisualMemoryOptions { FeatureColumnName = "Score" }).Fit(rows);

        ExportRefusal.Assert<InvalidOperationException>(
            "A column that the graph reads must have another name than those that it gives. Got 'Score' for both. "
            + "Rename the column.",
            () => GraphRun.Export(memory));
    }

    [TestMethod]
    public void Settings_out_of_range_are_refused_together()
    {
        VisualMemoryTransformer memory = _mlContext.MulticlassClassification.Trainers.VisualMemory()
            .Fit(VectorRows.Keyed(_mlContext, VectorRows.Draw(20, Dimension, classCount: 3, seed: 1)));

        string message = Assert.Throws<ArgumentException>(() => GraphRun.Export(
            memory, new OnnxExportOptions { CandidateMargin = -1, Labels = (OnnxLabels)9 })).Message;

        Assert.Contains("OnnxExportOptions.Labels must be a kind of label. Got 9.", message);
        Assert.Contains("OnnxExportOptions.CandidateMargin must be at least 0. Got -1.", message);
    }

    private sealed class TextRow
    {
        public string? Text { get; set; }

        public string[] Texts { get; set; } = [];
    }
}
