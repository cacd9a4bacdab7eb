// Licensed under the MIT License. See LICENSE in the project root for license information.

using static Microsoft.ML.Memory.Onnx.TensorProto.Types;

namespace Microsoft.ML.Memory.Onnx;

/// <summary>Writes a kNN regression: search, and the weighted mean of the labels found.</summary>
internal sealed class RegressionExport
{
    private readonly OnnxGraph _graph;
    private readonly NearestNeighborsRegressionTransformer _transformer;
    private readonly NearestNeighborsRegressionOptions _options;
    private readonly BankRows _rows;

    private RegressionExport(OnnxGraph graph, NearestNeighborsRegressionTransformer transformer)
    {
        _graph = graph;
        _transformer = transformer;
        _options = transformer.Options;
        _rows = new BankRows(transformer.Model);
    }

    /// <summary>Adds nodes and outputs.</summary>
    /// <exception cref="InvalidOperationException">
    /// Nothing is stored, there is no number of neighbours, or labels are to be something else than numbers.
    /// </exception>
    public static void Add(
        OnnxGraph graph,
        NearestNeighborsRegressionTransformer transformer,
        string features,
        OnnxExportOptions options)
    {
        ExportCheck.NotEmpty(transformer.Count);
        if (transformer.Options.NeighborCount is not { } count)
        {
            throw new InvalidOperationException(
                "NearestNeighborsRegressionOptions.NeighborCount must be a number to be exported, since a graph gives "
                + "so many neighbours of every row. Got null. Name the most that a row may have.");
        }

        if (options.Labels != OnnxLabels.Values)
        {
            throw new InvalidOperationException(
                "OnnxExportOptions.Labels must be Values for a regression, whose labels are numbers. "
                + $"Got {options.Labels}.");
        }

        new RegressionExport(graph, transformer).Add(features, count, options);
    }

    private void Add(string features, int neighborCount, OnnxExportOptions options)
    {
        _graph.Say("method", "NearestNeighborsRegression");
        _graph.Say("metric", _options.Metric.ToString());
        _graph.Say("weighting", _options.Weighting.ToString());
        GraphQuery query = GraphQuery.Of(_graph, features);
        FoundRows found = new MemorySearchExport(_graph, _rows, options)
            .Add(query, neighborCount, options.CandidateMargin);
        string isNeighbor = IsNeighbor(query, found);
        string labels = _graph.Gather(_graph.Tensor(Each(_transformer.Labels), _rows.Count), found.Rows);

        string weights = _graph.Where(isNeighbor, Weights(found), _graph.Double(0));
        string sum = _graph.Sum(weights, 1);
        string isPresent = _graph.Greater(sum, _graph.Double(0));
        string total = _graph.Where(isPresent, sum, _graph.Double(1));
        string mean = _graph.Div(_graph.Sum(_graph.Mul(weights, _graph.ToDouble(labels)), 1), total);
        _graph.Output(
            RegressionColumns.Score,
            _graph.ToSingle(_graph.Where(isPresent, mean, _graph.Double(double.NaN))),
            DataType.Float,
            "Mean of the labels of the neighbours; NaN where no neighbour counts.",
            1);

        var neighbors = new NeighborValues(_rows, found, _graph.Div(weights, total), isNeighbor);
        new NeighborOutputs(_graph, neighbors, name => AddLabels(name, labels, neighbors))
            .Add(_options.NeighborColumns);
    }

    /// <summary>Gives which of the rows found are neighbours, [N, k] Bool, or [N, 1] where all are.</summary>
    private string IsNeighbor(GraphQuery query, FoundRows found) => _options.LargestDistance is { } largest
        ? _graph.And(query.IsFinite, _graph.Not(_graph.Greater(found.Distances, _graph.Single(largest))))
        : query.IsFinite;

    /// <summary>Gives how much each of the rows found would count as a neighbour, [N, k] Double.</summary>
    private string Weights(FoundRows found)
    {
        string? weights = _transformer.ExampleWeights is { } exampleWeights
            ? _graph.ToDouble(_graph.Gather(_graph.Tensor(Each(exampleWeights), _rows.Count), found.Rows))
            : null;
        if (_options.Weighting == NeighborWeighting.Uniform)
            return weights ?? _graph.Fill(_graph.Double(1), found.Distances, found.Count);
        string inverse = InverseDistances(_graph.ToDouble(found.Distances));
        return weights is null ? inverse : _graph.Mul(weights, inverse);
    }

    /// <summary>Divides 1 by distances; those at the distance 0, or infinity, of the nearest share alike.</summary>
    private string InverseDistances(string distances)
    {
        string one = _graph.Double(1), zero = _graph.Double(0);
        string nearest = _graph.Smallest(distances, 1);
        string isExtreme = _graph.Or(
            _graph.Equal(nearest, zero), _graph.Equal(nearest, _graph.Double(double.PositiveInfinity)));
        string lengths = _options.Metric == Metric.SquaredEuclidean ? _graph.Sqrt(distances) : distances;
        return _graph.Where(
            isExtreme,
            _graph.Where(_graph.Equal(distances, nearest), one, zero),
            _graph.Div(one, lengths));
    }

    private void AddLabels(string name, string labels, NeighborValues neighbors) => _graph.Output(
        name,
        _graph.Where(neighbors.IsPresent, labels, _graph.Single(float.NaN)),
        DataType.Float,
        "Labels of the neighbours; NaN where there is none.",
        neighbors.Found.Count);

    private float[] Each(StoredValues<float> values) => _rows.Each(
        position => values.ScalarAt(_transformer.Lookup.Rows.SlotOf(_rows.Bank.EntryAt(position).Sequence)));
}
