// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Onnx;

/// <summary>Writes a discrete key-value bottleneck: head inputs, nearest keys, mean of the values.</summary>
internal sealed class BottleneckExport(OnnxGraph graph, KeyValueBottleneck model)
{
    /// <summary>Adds nodes and outputs.</summary>
    public static void Add(
        OnnxGraph graph, KeyValueBottleneckTransformer transformer, string features, OnnxExportOptions options)
    {
        ExportCheck.SingleWeights("KeyValueBottleneckTransformer", options);
        graph.Say("method", "KeyValueBottleneck");
        graph.Say("metric", nameof(Metric.SquaredEuclidean));
        KeyValueBottleneck model = transformer.Model;
        GraphQuery query = GraphQuery.Of(graph, features);
        string logits = new BottleneckExport(graph, model).Logits(query);
        string powers = graph.Exp(graph.Sub(logits, graph.Largest(logits, 1)));
        string scores = graph.Div(powers, graph.Sum(powers, 1));
        double total = Math.Max(1, model.ClassRows.ToArray().Sum());
        double[] prior = Array.ConvertAll(model.ClassRows.ToArray(), rows => rows / total);
        new ClassOutputs(graph, transformer.Classes, options)
            .AddPrediction(graph.ArgMax(logits), query.IsFinite, scores, prior);
    }

    /// <summary>Gives the logits, [N, c] Double.</summary>
    private string Logits(GraphQuery query)
    {
        string pairs = NearestPairs(Inputs(query)); // [heads, N, fetches]
        long[] starts = [.. Enumerable.Range(0, model.HeadCount).Select(head => (long)head * model.PairCount)];
        string places = graph.Add(pairs, graph.Tensor(starts, model.HeadCount, 1, 1));
        string table = graph.Tensor(Values(), (long)model.HeadCount * model.PairCount, model.ClassCount);
        string values = graph.ToDouble(graph.Gather(table, places)); // [heads, N, fetches, c]
        string sum = graph.Squeeze(graph.Squeeze(graph.Sum(graph.Sum(values, 2), 0), 2), 0);
        return graph.Div(sum, graph.Double(model.HeadCount));
    }

    /// <summary>Gives the inputs of the heads, [heads, N, k] Double.</summary>
    private string Inputs(GraphQuery query)
    {
        string rows = model.Settings.NormalizeFeatures ? query.UnitRows(graph) : query.PlainRows(graph);
        if (model.Inputs.Columns is { } columns)
        {
            string projection = graph.Tensor(columns, (long)model.HeadCount * model.KeyDimension, model.Dimension);
            rows = graph.Node("Gemm", [rows, projection], OnnxGraph.Attribute("transB", 1L));
        }

        return graph.ToDouble(
            graph.Transpose(graph.Reshape(rows, 0, model.HeadCount, model.KeyDimension), 1, 0, 2));
    }

    /// <summary>Gives the nearest pairs of each head, nearest first, the lowest first where equal.</summary>
    private string NearestPairs(string inputs)
    {
        int heads = model.HeadCount;
        float[] keys = model.Keys;
        string wide = graph.ToDouble(graph.Tensor(keys, heads, model.PairCount, model.KeyDimension));
        string dots = graph.MatMul(inputs, graph.Transpose(wide, 0, 2, 1)); // [heads, N, pairs]
        string distances = graph.Sub(
            graph.Tensor(SquaredNorms(keys), heads, 1, model.PairCount), graph.Mul(dots, graph.Double(2)));
        return graph.Smallest(distances, model.Settings.FetchCount, isSorted: true).Places;
    }

    /// <summary>Gives the squared norms of the keys; infinity for pairs that are passed over.</summary>
    private double[] SquaredNorms(float[] keys)
    {
        int k = model.KeyDimension;
        double[] norms = new double[keys.Length / k];
        for (int pair = 0; pair < norms.Length; pair++)
        {
            if (!IsFound(pair)) norms[pair] = double.PositiveInfinity;
            else
            {
                foreach (float value in keys.AsSpan(pair * k, k)) norms[pair] += (double)value * value;
            }
        }

        return norms;
    }

    /// <summary>Gives the values; zeros for pairs that are passed over, which a head without others would fetch.
    /// </summary>
    private float[] Values()
    {
        float[] values = [.. model.Table.Values];
        for (int pair = 0; pair < model.Table.Uses.Length; pair++)
        {
            if (!IsFound(pair)) values.AsSpan(pair * model.ClassCount, model.ClassCount).Clear();
        }

        return values;
    }

    private bool IsFound(int pair) => !model.Settings.MaskUnusedPairs || model.Table.Uses[pair] > 0;
}
