// Licensed under the MIT License. See LICENSE in the project root for license information.

using static Microsoft.ML.Memory.Onnx.TensorProto.Types;

namespace Microsoft.ML.Memory.Onnx;

/// <summary>The rows that the graph is asked about, in double precision, and which of them have an answer.</summary>
/// <param name="Rows">[N, d] Double; zeros where there is no answer.</param>
/// <param name="SquaredNorms">[N, 1] Double.</param>
/// <param name="IsFinite">[N, 1] Bool: every feature is a finite number.</param>
internal sealed record GraphQuery(string Rows, string SquaredNorms, string IsFinite)
{
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

    /// <summary>Gives 1 / |row|, and 1 for a zero row; [N, 1] Double.</summary>
    public string InverseNorms(OnnxGraph graph)
    {
        string isZero = graph.Equal(SquaredNorms, graph.Double(0));
        return graph.Div(graph.Double(1), graph.Sqrt(graph.Where(isZero, graph.Double(1), SquaredNorms)));
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
