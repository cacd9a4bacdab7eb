// Licensed under the MIT License. See LICENSE in the project root for license information.

using static Microsoft.ML.Memory.Onnx.TensorProto.Types;

namespace Microsoft.ML.Memory.Onnx;

/// <summary>The rows that the graph is asked about, in double precision, and which of them have an answer.</summary>
/// <param name="Rows">[N, d] Double; zeros where there is no answer.</param>
/// <param name="SquaredNorms">[N, 1] Double.</param>
/// <param name="IsFinite">[N, 1] Bool: every feature is a finite number.</param>
internal sealed record GraphQuery(string Rows, string SquaredNorms, string IsFinite)
{
    /// <summary>Times the longest entry, 1e30, within single precision.</summary>
    private const double LongestOrdinary = 1L << 20;

    /// <summary>Reads features [N, d] Single.</summary>
    public static GraphQuery Of(OnnxGraph graph, string features)
    {
        string wide = graph.ToDouble(features);
        string squares = graph.Sum(graph.Mul(wide, wide), 1);

        // The square of no Single overflows a Double, so only NaN and infinity differ from themselves here.
        string isFinite = graph.Equal(graph.Sub(squares, squares), graph.Double(0));
        return new GraphQuery(
            graph.Where(isFinite, wide, graph.Double(0)),
            graph.Where(isFinite, squares, graph.Double(0)),
            isFinite);
    }

    /// <summary>
    /// Gives what brings each row into the range of single precision, [N, 1] Double: 1 for rows of ordinary length,
    /// which keeps whole numbers whole, and for zero rows; else 1 / |row|.
    /// </summary>
    public string RangeScales(OnnxGraph graph)
    {
        string isZero = graph.Equal(SquaredNorms, graph.Double(0));
        string isShort = graph.Greater(graph.Double(1), SquaredNorms);
        string isLong = graph.Greater(SquaredNorms, graph.Double(LongestOrdinary * LongestOrdinary));
        string isScaled = graph.And(graph.Or(isShort, isLong), graph.Not(isZero));
        return graph.Div(graph.Double(1), graph.Sqrt(graph.Where(isScaled, SquaredNorms, graph.Double(1))));
    }

    /// <summary>Gives the rows scaled to length 1 as Singles, rounded where the transformers round them.</summary>
    public string UnitRows(OnnxGraph graph)
    {
        string rows = graph.ToSingle(Rows);
        string largest = graph.Largest(graph.Node("Abs", [rows]), 1);
        string isZero = graph.Equal(largest, graph.Single(0));
        string scaled = graph.Div(rows, graph.Where(isZero, graph.Single(1), largest));
        string wide = graph.ToDouble(scaled);
        string norm = graph.ToSingle(graph.Sqrt(graph.Sum(graph.Mul(wide, wide), 1)));
        return graph.Div(scaled, graph.Where(isZero, graph.Single(1), norm));
    }

    /// <summary>Gives the rows scaled to length 1, and those that are not finite as they came.</summary>
    public string UnitRowsOrSame(OnnxGraph graph, string features)
        => graph.Where(IsFinite, UnitRows(graph), features);

    /// <summary>Gives the rows as Singles.</summary>
    public string PlainRows(OnnxGraph graph) => graph.Cast(Rows, DataType.Float);
}
