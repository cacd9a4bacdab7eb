// Licensed under the MIT License. See LICENSE in the project root for license information.

using static Microsoft.ML.Memory.Onnx.TensorProto.Types;

namespace Microsoft.ML.Memory.Onnx;

/// <summary>Writes the search of a memory: one product in single precision, then the nearest again in double.</summary>
/// <remarks>
/// The first pass gives k + margin rows by scores that rounding may disturb; sorted by place, so that ties go to the
/// earlier entry, they are compared again in double precision by the formulas of the exact search. Scores of the first
/// pass are scaled by what no order within a query notices, so that no finite row overflows them: by powers of two
/// where rows are of ordinary length, so that small whole numbers stay exact and masses of equal distances stay equal.
/// </remarks>
internal sealed class MemorySearchExport
{
    /// <summary>Beyond this many lengths of the farthest entry, single precision tells directions alone.</summary>
    private const double FarthestQuery = 1L << 40;

    /// <summary>Keeps the inverse square of a length within single precision.</summary>
    private const double SmallestNorm = 1e-15;

    private const double LargestNorm = 1e30;

    private readonly OnnxGraph _graph;
    private readonly BankRows _rows;
    private readonly Metric _metric;
    private readonly string _keys;
    private readonly float[]? _steps;

    /// <param name="graph">Receives the nodes.</param>
    /// <param name="rows">The entries.</param>
    /// <param name="options">How the entries are held.</param>
    /// <exception cref="InvalidOperationException">An entry is too long for single precision.</exception>
    public MemorySearchExport(OnnxGraph graph, BankRows rows, OnnxExportOptions options)
    {
        _graph = graph;
        _rows = rows;
        _metric = rows.Bank.Metric;
        CheckNorms();
        string name = graph.NextName("Keys");
        _steps = options.Weights == OnnxWeights.Int8 ? rows.Steps() : null;
        _keys = graph.Add(_steps is null ? rows.AsSingles(name) : rows.AsBytes(name, _steps));
    }

    /// <summary>Adds the search of the k nearest of each row.</summary>
    public FoundRows Add(GraphQuery query, int k, int margin)
    {
        int count = Math.Min(k, _rows.Count);
        long candidates = Math.Min((long)count + margin, _rows.Count);
        (_, string near) = _graph.Smallest(Scores(query), candidates, isSorted: false);
        (string places, _) = _graph.Smallest(near, candidates, isSorted: true);
        (string distances, string order) = _graph.Smallest(Distances(query, places), count, isSorted: true);
        return new FoundRows(_graph.GatherElements(places, order, 1), _graph.ToSingle(distances), count);
    }

    /// <summary>Adds the distances to all entries, [N, m] Double, by products of doubles; for the cosine.</summary>
    public string AllCosineDistances(GraphQuery query)
    {
        string keys = _steps is null
            ? _graph.ToDouble(_keys)
            : _graph.Mul(Centred(_keys), _graph.Tensor(Wide(_steps), _rows.Count, 1));
        string dots = _graph.MatMul(query.Rows, _graph.Transpose(keys, 1, 0));
        return Cosine(query, dots, _graph.Tensor(SquaredNorms(), 1, _rows.Count));
    }

    private string Scores(GraphQuery query) => _metric switch
    {
        Metric.Cosine => _graph.Mul(
            NegatedDots(_graph.Mul(query.Rows, query.RangeScales(_graph)), bias: null, 1),
            _graph.Tensor(KeyScales(norm => norm == 0 ? 0 : 1 / norm), 1, _rows.Count)),
        Metric.InnerProduct => WithSteps(NegatedDots(
            _graph.Mul(query.Rows, _graph.Mul(query.RangeScales(_graph), _graph.Double(1 / Radius))), null, 1)),
        _ => CentredScores(query),
    };

    /// <summary>A power of two that no entry is longer than.</summary>
    private double Radius
        => Math.ScaleB(1, (int)Math.Ceiling(Math.Log2(Math.Max(_rows.LargestNorm, SmallestNorm))));

    private string CentredScores(GraphQuery query)
    {
        double scale = 1 / (Radius * Radius);
        string centred = _graph.Sub(query.Rows, _graph.Tensor(_rows.Means, 1, _rows.Dimension));
        string length = _graph.Sqrt(_graph.Sum(_graph.Mul(centred, centred), 1));
        string near = _graph.Max(length, _graph.Double(FarthestQuery * Radius));
        string factor = _graph.Div(_graph.Double(FarthestQuery * Radius * scale), near);
        string scaled = _graph.Mul(centred, factor);
        float[] bias = Array.ConvertAll(_rows.CentredTerms(), term => (float)(term * scale));
        string terms = _graph.Tensor(bias, _rows.Count);
        return _steps is null
            ? NegatedDots(scaled, terms, 2)
            : _graph.Add(WithSteps(NegatedDots(scaled, null, 2)), terms);
    }

    /// <summary>Gives -factor · rows · keys, in the steps of the keys where they have such.</summary>
    private string NegatedDots(string rows, string? bias, float factor)
    {
        if (_steps is not null) return RoundedDots(rows, factor);
        ReadOnlySpan<string> inputs = bias is null
            ? [_graph.ToSingle(rows), _keys]
            : [_graph.ToSingle(rows), _keys, bias];
        return _graph.Node(
            "Gemm",
            inputs,
            OnnxGraph.Attribute("alpha", -factor),
            OnnxGraph.Attribute("transB", 1L));
    }

    /// <summary>Rounds each row to bytes of its own step and multiplies whole numbers.</summary>
    private string RoundedDots(string rows, float factor)
    {
        string largest = _graph.Largest(_graph.Node("Abs", [rows]), 1);
        string isZero = _graph.Equal(largest, _graph.Double(0));
        string step = _graph.Div(_graph.Where(isZero, _graph.Double(1), largest), _graph.Double(127));
        string rounded = _graph.Add(_graph.Node("Round", [_graph.Div(rows, step)]), _graph.Double(128));
        string bytes = _graph.Cast(_graph.Cast(rounded, DataType.Int32), DataType.Uint8);
        string dots = _graph.Node(
            "MatMulInteger", [bytes, _graph.Transpose(_keys, 1, 0), _graph.Byte(128), _graph.Byte(128)]);
        return _graph.Mul(_graph.ToSingle(dots), _graph.ToSingle(_graph.Mul(step, _graph.Double(-factor))));
    }

    private string WithSteps(string dots)
        => _steps is null ? dots : _graph.Mul(dots, _graph.Tensor(_steps, 1, _rows.Count));

    private float[] KeyScales(Func<double, double> scale)
    {
        float[] scales = new float[_rows.Count];
        double[] norms = SquaredNorms();
        for (int row = 0; row < scales.Length; row++)
            scales[row] = (float)(scale(Math.Sqrt(norms[row])) * (_steps?[row] ?? 1));
        return scales;
    }

    private double[] SquaredNorms() => _steps is null ? _rows.SquaredNorms : _rows.RoundedSquaredNorms(_steps);

    /// <summary>Gives the distances of rows and candidates in double precision, [N, candidates].</summary>
    private string Distances(GraphQuery query, string places)
    {
        string keys = _graph.Gather(_keys, places); // [N, candidates, d]
        string wide = _steps is null
            ? _graph.ToDouble(keys)
            : _graph.Mul(Centred(keys), _graph.Unsqueeze(
                _graph.Gather(_graph.Tensor(Wide(_steps), _rows.Count), places), 2));
        if (_metric == Metric.SquaredEuclidean)
        {
            string differences = _graph.Sub(wide, _graph.Unsqueeze(query.Rows, 1));

            // A product adds up every row in one order; a reduction by where the row lies in memory, so that the
            // distances of two equal entries would differ in their last bits.
            string ones = _graph.Tensor([.. Enumerable.Repeat(1.0, _rows.Dimension)], _rows.Dimension, 1);
            return _graph.Squeeze(_graph.MatMul(_graph.Mul(differences, differences), ones), 2);
        }

        string dots = _graph.Squeeze(_graph.MatMul(wide, _graph.Unsqueeze(query.Rows, 2)), 2);
        if (_metric == Metric.InnerProduct) return _graph.Sub(_graph.Double(0), dots);
        return Cosine(query, dots, _graph.Gather(_graph.Tensor(SquaredNorms(), _rows.Count), places));
    }

    private string Cosine(GraphQuery query, string dots, string squaredNorms)
    {
        string squares = _graph.Mul(query.SquaredNorms, squaredNorms);
        string isZero = _graph.Equal(squares, _graph.Double(0));
        string lengths = _graph.Sqrt(_graph.Where(isZero, _graph.Double(1), squares));
        string distance = _graph.Sub(_graph.Double(1), _graph.Div(dots, lengths));
        string clamped = _graph.Min(_graph.Max(distance, _graph.Double(0)), _graph.Double(2));
        return _graph.Where(isZero, _graph.Double(1), clamped);
    }

    private string Centred(string bytes) => _graph.Sub(_graph.ToDouble(bytes), _graph.Double(128));

    private static double[] Wide(float[] values) => Array.ConvertAll(values, value => (double)value);

    private void CheckNorms()
    {
        double largest = _rows.LargestNorm;
        double smallest = _rows.SquaredNorms.Where(square => square > 0).DefaultIfEmpty(1).Min();
        if (largest <= LargestNorm && (_metric != Metric.Cosine || Math.Sqrt(smallest) >= 1 / LargestNorm)) return;
        double found = largest > LargestNorm ? largest : Math.Sqrt(smallest);
        throw new InvalidOperationException(
            $"The entries must have lengths in [{Check.Shown(1 / LargestNorm)}, {Check.Shown(LargestNorm)}], or 0, to "
            + $"be exported. Got {Check.Shown(found)}. Scale the features.");
    }
}
