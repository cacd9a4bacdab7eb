// Licensed under the MIT License. See LICENSE in the project root for license information.

using static Microsoft.ML.Memory.Onnx.TensorProto.Types;

namespace Microsoft.ML.Memory.Onnx;

/// <summary>Writes an adaptive memory as it was trained: what a prediction engine of it would say.</summary>
internal sealed class AdaNpcExport
{
    private readonly OnnxGraph _graph;
    private readonly AdaNpcTransformer _transformer;
    private readonly AdaNpcOptions _options;
    private readonly BankRows _rows;

    private AdaNpcExport(OnnxGraph graph, AdaNpcTransformer transformer)
    {
        _graph = graph;
        _transformer = transformer;
        _options = transformer.Options;
        _rows = new BankRows(transformer.Model.Memory);
    }

    /// <summary>Adds nodes and outputs.</summary>
    /// <exception cref="InvalidOperationException">The memory is empty, or its outputs have no fixed size.</exception>
    public static void Add(
        OnnxGraph graph, AdaNpcTransformer transformer, string features, OnnxExportOptions options)
    {
        ExportCheck.NotEmpty(transformer.Model.Memory.Count);
        if (transformer.Options.BallSimilarity is not null
            && transformer.Options.NeighborColumns != NeighborColumns.None)
        {
            throw new InvalidOperationException(
                "AdaNpcOptions.NeighborColumns must be None to be exported with BallSimilarity, since the neighbours "
                + $"in a ball have no fixed number. Got {transformer.Options.NeighborColumns}.");
        }

        new AdaNpcExport(graph, transformer).Add(features, options);
    }

    private int ClassCount => _transformer.ClassCount;

    private void Add(string features, OnnxExportOptions options)
    {
        _graph.Say("method", "AdaNpc");
        _graph.Say("metric", nameof(Metric.Cosine));
        GraphQuery query = GraphQuery.Of(_graph, Matched(features));
        var search = new MemorySearchExport(_graph, _rows, options);
        FoundRows found = search.Add(query, _options.NeighborCount, options.CandidateMargin);
        string distances = _graph.ToDouble(found.Distances);
        string labels = _graph.Gather(_graph.Tensor(ClassOf(), _rows.Count), found.Rows);
        string nearest = _graph.Smallest(distances, 1);
        string weights = Divided(Fading(nearest, distances));
        string shares = new GraphVote(_graph, labels, weights, found.Count, ClassCount).Totals();
        if (_options.BallSimilarity is { } ball) shares = WithBall(search, query, ball, found.Distances, shares);

        string winner = _graph.ArgMax(shares);
        var classes = new ClassOutputs(_graph, _transformer.Classes, options);
        classes.AddPrediction(
            winner, query.IsFinite, Floored(shares), ClassPrior.Of(_rows.Bank, ClassCount));
        string present = _graph.Where(query.IsFinite, weights, _graph.Double(0));
        var neighbors = new NeighborValues(_rows, found, present, query.IsFinite);
        new NeighborOutputs(_graph, neighbors, name => classes.AddLabels(name, labels, neighbors))
            .Add(_options.NeighborColumns);
        if (_options.ConfidenceColumnName is { } name) AddConfidence(name, shares, query.IsFinite);
    }

    /// <summary>Gives the features as the trained memory matches them to its source.</summary>
    private string Matched(string features)
    {
        AdaptiveState state = _transformer.Model;
        if (!_options.MatchStatistics) return features;
        FeatureStatistics? source = state.SourceStatistics ?? FeatureStatistics.OfSource(state.Memory);
        FeatureStatistics? recent = FeatureStatistics.Of(state.RecentRows, state.Memory.Dimension);
        if (source is null || recent is null) return features;
        int d = state.Memory.Dimension;
        string standard = _graph.Div(
            _graph.Sub(_graph.ToDouble(features), _graph.Tensor(recent.Means, 1, d)),
            _graph.Tensor(recent.Deviations, 1, d));
        return _graph.ToSingle(_graph.Add(
            _graph.Mul(standard, _graph.Tensor(source.Deviations, 1, d)), _graph.Tensor(source.Means, 1, d)));
    }

    private long[] ClassOf() => _rows.Each(position => (long)_rows.Bank.LabelAt(position));

    private string Fading(string nearest, string distances)
        => _graph.Exp(_graph.Div(_graph.Sub(nearest, distances), _graph.Double(_options.Temperature)));

    private string Divided(string weights) => _graph.Div(weights, _graph.Sum(weights, 1));

    /// <summary>Lets every entry in the ball vote for rows that have one above it.</summary>
    private string WithBall(
        MemorySearchExport search, GraphQuery query, double ball, string nearestDistances, string shares)
    {
        string distances = _graph.ToSingle(search.AllCosineDistances(query));
        string bound = _graph.Double(ball);
        string similarities = _graph.ToDouble(_graph.Sub(_graph.Single(1), distances));
        string isInside = _graph.Node("GreaterOrEqual", [similarities, bound]);
        string first = _graph.Gather(nearestDistances, _graph.Shape(0), 1);
        string fading = Fading(_graph.ToDouble(first), _graph.ToDouble(distances));
        string weights = Divided(_graph.Where(isInside, fading, _graph.Double(0)));
        string labels = _graph.Node(
            "Expand", [_graph.Tensor(ClassOf(), 1, _rows.Count), _graph.Node("Shape", [weights])]);
        string ofBall = new GraphVote(_graph, labels, weights, _rows.Count, ClassCount).Totals();
        string isAbove = _graph.Greater(_graph.ToDouble(_graph.Sub(_graph.Single(1), first)), bound);
        return _graph.Where(isAbove, ofBall, shares);
    }

    private string Floored(string shares)
    {
        double floor = _options.ProbabilityFloor;
        return _graph.Div(_graph.Add(shares, _graph.Double(floor)), _graph.Double(1 + (ClassCount * floor)));
    }

    private void AddConfidence(string name, string shares, string isFinite)
    {
        string confidence = _graph.Min(_graph.Largest(shares, 1), _graph.Double(1));
        if (_options.ConfidenceKind == ConfidenceKind.DoubleSoftmax)
        {
            string floored = _graph.Min(
                _graph.Add(shares, _graph.Double(_options.ProbabilityFloor)), _graph.Double(1));
            string powers = _graph.Exp(_graph.Sub(floored, _graph.Largest(floored, 1)));
            confidence = _graph.Div(_graph.Double(1), _graph.Sum(powers, 1));
        }

        _graph.Output(
            name,
            _graph.ToSingle(_graph.Where(isFinite, confidence, _graph.Double(0))),
            DataType.Float,
            "Confidence of the prediction; 0 where there is none.",
            1);
    }
}
