// Licensed under the MIT License. See LICENSE in the project root for license information.

using static Microsoft.ML.Memory.Onnx.TensorProto.Types;

namespace Microsoft.ML.Memory.Onnx;

/// <summary>Writes a visual memory: search, class map, pruning, vote, calibration and rejection.</summary>
internal sealed class VisualMemoryExport
{
    /// <summary>Running totals take k² numbers a row.</summary>
    private const int MostRunningTotals = 2048;

    private readonly OnnxGraph _graph;
    private readonly VisualMemoryTransformer _transformer;
    private readonly VisualMemoryOptions _options;
    private readonly MemoryTrust _trust;
    private readonly BankRows _rows;

    private VisualMemoryExport(OnnxGraph graph, VisualMemoryTransformer transformer)
    {
        _graph = graph;
        _transformer = transformer;
        _options = transformer.Options;
        _trust = transformer.Trust;
        _rows = new BankRows(transformer.Model);
    }

    /// <summary>Adds nodes and outputs.</summary>
    /// <exception cref="InvalidOperationException">The memory is empty, or ranks candidates.</exception>
    public static void Add(
        OnnxGraph graph, VisualMemoryTransformer transformer, string features, OnnxExportOptions options)
    {
        if (transformer.CandidateColumnName is { } candidates)
        {
            throw new InvalidOperationException(
                "VisualMemoryTransformer.ExportToOnnx must have a memory that searches all its entries. "
                + $"Got one that ranks the candidates in column '{candidates}'.");
        }

        ExportCheck.NotEmpty(transformer.Model.Count);
        int count = Math.Min(transformer.Options.NeighborCount, transformer.Model.Count);
        if (transformer.Options.TieBreak == TieBreak.FirstToReach && count > MostRunningTotals)
        {
            throw new InvalidOperationException(
                $"VisualMemoryOptions.NeighborCount must be at most {MostRunningTotals} to be exported with TieBreak "
                + $"FirstToReach. Got {count}. Take fewer neighbours or another tie rule.");
        }

        new VisualMemoryExport(graph, transformer).Add(features, options);
    }

    private void Add(string features, OnnxExportOptions options)
    {
        _graph.Say("method", "VisualMemory");
        _graph.Say("metric", _options.Metric.ToString());
        _graph.Say("vote", _options.Vote.ToString());
        GraphQuery query = GraphQuery.Of(_graph, features);
        FoundRows found = new MemorySearchExport(_graph, _rows, options)
            .Add(query, _options.NeighborCount, options.CandidateMargin);
        ClassLevels levels = _transformer.Levels;
        long[] classOf = _rows.Each(position => (long)levels.VotedOf(_rows.Bank.LabelAt(position)));
        string labels = _graph.Gather(_graph.Tensor(classOf, _rows.Count), found.Rows);
        string distances = _graph.ToDouble(found.Distances);

        string votes = Weights(found, distances);
        var vote = new GraphVote(_graph, labels, votes, found.Count, levels.Voted.Count);
        string sum = _graph.Sum(votes, 1);
        string isPresent = _graph.And(query.IsFinite, _graph.Greater(sum, _graph.Double(0)));
        string total = _graph.Where(isPresent, sum, _graph.Double(1));
        string shares = _graph.Div(vote.Totals(), total);
        string winner = vote.Winner(_options.TieBreak);
        string scores = _trust.Temperature is { } temperature ? Calibrated(shares, temperature) : shares;

        var classes = new ClassOutputs(_graph, levels.Voted, options);
        classes.AddPrediction(winner, isPresent, scores, levels.Prior(_rows.Bank));
        string weights = _graph.Where(isPresent, _graph.Div(votes, total), _graph.Double(0));
        var neighbors = new NeighborValues(_rows, found, weights, query.IsFinite);
        new NeighborOutputs(_graph, neighbors, name => classes.AddLabels(name, labels, neighbors))
            .Add(_options.NeighborColumns);
        if (_options.Rejection is not null)
            new RejectionExport(_graph, _transformer).Add(shares, distances, winner, isPresent, found.Count);
    }

    /// <summary>Gives the weight of each vote, [N, k] Double; 0 for who does not vote.</summary>
    private string Weights(FoundRows found, string distances)
    {
        string? votes = Voters(found);
        string weights = _options.Vote switch
        {
            VoteKind.Rank => RankWeights(votes, distances, found.Count),
            VoteKind.Distance when _options.DistanceExponent > 0
                => Fading(votes, distances, _options.DistanceExponent, isDivided: false),
            VoteKind.Softmax => Fading(votes, distances, _options.Temperature, isDivided: true),
            _ => _graph.Fill(_graph.Double(1), distances, found.Count),
        };
        double[] multipliers = _rows.Each(
            position => _rows.Bank.WeightAt(position) * (_trust.Pruning?.MultiplierOf(position) ?? 1));
        if (Array.Exists(multipliers, multiplier => multiplier != 1))
            weights = _graph.Mul(weights, _graph.Gather(_graph.Tensor(multipliers, _rows.Count), found.Rows));
        return votes is null ? weights : _graph.Where(votes, weights, _graph.Double(0));
    }

    /// <summary>Gives who votes, [N, k] Bool: who is not excluded, or all where all are; null where all do.</summary>
    private string? Voters(FoundRows found)
    {
        if (_trust.Pruning is not { ExcludedCount: > 0 } pruning) return null;
        bool[] isExcluded = _rows.Each(pruning.IsExcluded);
        string votes = _graph.Not(_graph.Gather(_graph.Tensor(isExcluded, _rows.Count), found.Rows));
        string any = _graph.Largest(_graph.Cast(votes, DataType.Int32), 1);
        return _graph.Or(votes, _graph.Not(_graph.Cast(any, DataType.Bool)));
    }

    private string RankWeights(string? votes, string distances, int count)
    {
        if (votes is null)
        {
            double[] weights = [.. Enumerable.Range(0, count).Select(rank => 1 / (_options.RankOffset + rank))];
            return _graph.Node("Expand", [_graph.Tensor(weights, 1, count), _graph.Node("Shape", [distances])]);
        }

        string ranks = _graph.RunningSum(_graph.ToDouble(votes), 1, isExclusive: true);
        return _graph.Div(_graph.Double(1), _graph.Add(ranks, _graph.Double(_options.RankOffset)));
    }

    /// <summary>Gives weights that fade with the distance beyond the nearest who votes.</summary>
    private string Fading(string? votes, string distances, double factor, bool isDivided)
    {
        string ofVoters = votes is null
            ? distances
            : _graph.Where(votes, distances, _graph.Double(double.PositiveInfinity));
        string nearest = _graph.Smallest(ofVoters, 1);
        string beyond = _graph.Sub(nearest, distances);
        string exponent = isDivided
            ? _graph.Div(beyond, _graph.Double(factor))
            : _graph.Mul(beyond, _graph.Double(factor));

        // Infinity less infinity is no number.
        return _graph.Where(_graph.Equal(distances, nearest), _graph.Double(1), _graph.Exp(exponent));
    }

    private string Calibrated(string shares, PowerTemperature temperature)
    {
        string floor = _graph.Double(PowerTemperature.Floor);
        string ratio = _graph.Div(_graph.Add(shares, floor), _graph.Add(_graph.Largest(shares, 1), floor));
        string powers = _graph.Exp(_graph.Div(_graph.Log(ratio), _graph.Double(temperature.Temperature)));
        return _graph.Div(powers, _graph.Sum(powers, 1));
    }
}
