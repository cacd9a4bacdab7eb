// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Onnx;

/// <summary>Writes a compressed memory with the reader that it was made for.</summary>
internal sealed class CompressedMemoryExport
{
    private readonly OnnxGraph _graph;
    private readonly CompressedBank _bank;
    private readonly CompressedMemoryOptions _options;
    private readonly CodeCorrection? _correction;
    private readonly int[] _used;

    private CompressedMemoryExport(OnnxGraph graph, CompressedMemoryTransformer transformer)
    {
        _graph = graph;
        _bank = transformer.Model;
        _options = transformer.Options;
        _correction = transformer.Correction;
        _used = [.. Enumerable.Range(0, _bank.Codebook.Count).Where(code => _bank.CountOf(code) > 0)];
    }

    private int ClassCount => _bank.ClassCount;

    /// <summary>Adds nodes and outputs.</summary>
    /// <exception cref="InvalidOperationException">The memory is empty.</exception>
    public static void Add(
        OnnxGraph graph, CompressedMemoryTransformer transformer, string features, OnnxExportOptions options)
    {
        ExportCheck.NotEmpty(transformer.Model.Count);
        ExportCheck.SingleWeights("CompressedMemoryTransformer", options);
        graph.Say("method", "CompressedMemory");
        graph.Say("metric", nameof(Metric.SquaredEuclidean));
        graph.Say("read", transformer.Options.Read.ToString());
        GraphQuery query = GraphQuery.Of(graph, features);
        var export = new CompressedMemoryExport(graph, transformer);
        string votes = transformer.Options.Read == CodeRead.Histogram
            ? export.Histogram(query)
            : export.Attention(query);
        new ClassOutputs(graph, transformer.Classes, options)
            .AddPrediction(graph.ArgMax(votes), query.IsFinite, votes, export.Prior());
    }

    /// <summary>Gives the votes by distance, [N, c] Double.</summary>
    private string Histogram(GraphQuery query)
    {
        string rows = Rows(query);
        double[] squares = new double[_used.Length];
        double[] counts = new double[_used.Length * ClassCount];
        for (int index = 0; index < _used.Length; index++)
        {
            foreach (float value in _bank.Codebook.CodeAt(_used[index])) squares[index] += (double)value * value;
            ReadOnlySpan<long> ofCode = _bank.HistogramOf(_used[index]);
            for (int label = 0; label < ClassCount; label++) counts[(index * ClassCount) + label] = ofCode[label];
        }

        // |row|² is the same for all codes: no vote notices that it is left out.
        string dots = _graph.MatMul(rows, Transposed(Codes()));
        string distances = _graph.Sub(
            _graph.Tensor(squares, 1, _used.Length), _graph.Mul(dots, _graph.Double(2)));
        string nearer = _graph.Sub(_graph.Smallest(distances, 1), distances);
        string weights = _graph.Exp(_graph.Mul(nearer, _graph.Double(_options.Gamma)));
        string votes = _graph.MatMul(weights, _graph.Tensor(counts, _used.Length, ClassCount));
        return _graph.Div(votes, _graph.Sum(votes, 1));
    }

    /// <summary>Gives the votes by attention, [N, c] Double.</summary>
    private string Attention(GraphQuery query)
    {
        int rank = _correction?.Rank ?? 0;
        double[] inner = new double[_used.Length * rank];
        float[] keys = Codes();
        double[] logCounts = new double[_used.Length];
        double[] shares = new double[_used.Length * ClassCount];
        float[] brought = new float[rank];
        int d = _bank.Codebook.Dimension;
        for (int index = 0; index < _used.Length; index++)
        {
            _correction?.BringDown(_bank.Codebook.CodeAt(_used[index]), brought);
            _correction?.AddTo(brought, keys.AsSpan(index * d, d));
            for (int place = 0; place < rank; place++) inner[(index * rank) + place] = brought[place];
            double count = _bank.CountOf(_used[index]);
            logCounts[index] = Math.Log(count);
            ReadOnlySpan<long> ofCode = _bank.HistogramOf(_used[index]);
            for (int label = 0; label < ClassCount; label++)
                shares[(index * ClassCount) + label] = ofCode[label] / count;
        }

        string dots = _graph.MatMul(Rows(query), Transposed(keys));
        string logits = _graph.Add(
            _graph.Mul(dots, _graph.Double(2 * _options.Gamma)), _graph.Tensor(logCounts, 1, _used.Length));
        string powers = _graph.Exp(_graph.Sub(logits, _graph.Largest(logits, 1)));
        string attention = _graph.Div(powers, _graph.Sum(powers, 1));
        string votes = _graph.MatMul(attention, _graph.Tensor(shares, _used.Length, ClassCount));
        return _correction is null
            ? votes
            : Corrected(votes, _graph.MatMul(attention, _graph.Tensor(inner, _used.Length, rank)), _correction);
    }

    /// <summary>Multiplies votes by what the correction makes of the mean of the attention.</summary>
    private string Corrected(string votes, string mean, CodeCorrection correction)
    {
        double[] up = new double[correction.Rank * ClassCount];
        for (int label = 0; label < Math.Min(ClassCount, correction.ValueUp.Length / correction.Rank); label++)
        {
            for (int place = 0; place < correction.Rank; place++)
                up[(place * ClassCount) + label] = correction.ValueUp[(label * correction.Rank) + place];
        }

        string shift = _graph.Mul(
            _graph.MatMul(mean, _graph.Tensor(up, correction.Rank, ClassCount)),
            _graph.Double(correction.Scale));
        string isVoted = _graph.Greater(votes, _graph.Double(0));
        string largest = _graph.Largest(
            _graph.Where(isVoted, shift, _graph.Double(double.NegativeInfinity)), 1);
        string shifted = _graph.Mul(votes, _graph.Exp(_graph.Min(_graph.Sub(shift, largest), _graph.Double(0))));
        return _graph.Div(shifted, _graph.Sum(shifted, 1));
    }

    private string Rows(GraphQuery query)
        => _bank.Codebook.Settings.NormalizeFeatures ? _graph.ToDouble(query.UnitRows(_graph)) : query.Rows;

    private float[] Codes() => [.. _used.SelectMany(code => _bank.Codebook.CodeAt(code).ToArray())];

    private string Transposed(float[] codes)
        => _graph.Transpose(
            _graph.ToDouble(_graph.Tensor(codes, _used.Length, _bank.Codebook.Dimension)), 1, 0);

    private double[] Prior()
    {
        double[] prior = new double[ClassCount];
        foreach (int code in _used)
        {
            ReadOnlySpan<long> counts = _bank.HistogramOf(code);
            for (int label = 0; label < ClassCount; label++) prior[label] += (double)counts[label] / _bank.Count;
        }

        return prior;
    }
}
