// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Microsoft.ML.Memory.Bench;

/// <summary>Bytes, time of a query and time of an added entry of a visual memory, plain and pruned.</summary>
internal static class VisualMemoryCost
{
    private const int AddedRows = 500;
    private const int ClassCount = 10;
    private const int Repeats = 5;

    public static void Run(BenchReport report, DigitImages memory, DigitImages queries)
    {
        var mlContext = new MLContext(seed: 0);
        IDataView train = mlContext.Data.LoadFromEnumerable(Rows(memory, memory.Count - AddedRows, 0));
        IDataView added = mlContext.Data.LoadFromEnumerable(Rows(memory, AddedRows, memory.Count - AddedRows));
        IDataView test = mlContext.Data.LoadFromEnumerable(Rows(queries, queries.Count, 0));
        foreach (PruningKind kind in (PruningKind[])[PruningKind.None, PruningKind.Soft])
        {
            string name = $"visual memory, mnist, {memory.Count} entries, k = 50, pruning {kind}";
            var options = new VisualMemoryOptions { Pruning = new PruningOptions { Kind = kind } };
            VisualMemoryTransformer small = mlContext.MulticlassClassification.Trainers
                .VisualMemory(options)
                .Fit(train);
            VisualMemoryTransformer full = small.Add(added);
            using var file = new MemoryStream();
            mlContext.Model.Save(full, null, file);
            report.Add(new Figure(name, "saved model", file.Length / (double)memory.Count, "bytes an entry"));

            Timing query = Timing.Of(() => ReadAll(full.Transform(test)), Repeats);
            report.Add(new Figure(name, "query", 1000 * query.Median / queries.Count, "ms, in blocks"));
            PredictionEngine<DigitRow, DigitPrediction> engine =
                mlContext.Model.CreatePredictionEngine<DigitRow, DigitPrediction>(full);
            DigitRow one = Rows(queries, 1, 0).Single();
            Timing single = Timing.Of(() => engine.Predict(one), 41);
            report.Add(new Figure(name, "query", 1000 * single.Median, "ms, one by one"));

            // Predicting one row makes a pruned memory count its entries anew.
            IDataView first = mlContext.Data.TakeRows(test, 1);
            Timing adding = Timing.Of(() => ReadAll(small.Add(added).Transform(first)), Repeats);
            report.Add(new Figure(name, $"add {AddedRows} and use", 1000 * adding.Median / AddedRows, "ms an entry"));
        }
    }

    private static DigitRow[] Rows(DigitImages images, int count, int first)
        => [.. Enumerable.Range(first, count).Select(row => new DigitRow
        {
            Label = (uint)images.Labels[row],
            Features = images.Pixels[(row * DigitImages.Dimension)..((row + 1) * DigitImages.Dimension)],
        })];

    private static void ReadAll(IDataView view)
    {
        DataViewSchema.Column score = view.Schema["Score"];
        using DataViewRowCursor cursor = view.GetRowCursor([score]);
        ValueGetter<VBuffer<float>> read = cursor.GetGetter<VBuffer<float>>(score);
        VBuffer<float> scores = default;
        while (cursor.MoveNext()) read(ref scores);
    }

    private sealed class DigitRow
    {
        [KeyType(ClassCount)]
        public uint Label { get; set; }

        [VectorType(DigitImages.Dimension)]
        public float[] Features { get; set; } = [];
    }

    private sealed class DigitPrediction
    {
        public uint PredictedLabel { get; set; }
    }
}
