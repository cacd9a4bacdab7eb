// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace OnnxEncoderExample;

/// <summary>A network that needs no training: edges of eight directions, and how much of each lies in every tile.
/// </summary>
/// <remarks>Reads [n, 1, 28, 28] and gives [n, 128]. Field numbers are those of the published onnx.proto.</remarks>
internal static class EdgeNetwork
{
    private const int DirectionCount = 8;
    private const int SingleType = 1;
    private const int IntsAttribute = 7;

    private static readonly float[] _across = [-1, 0, 1, -2, 0, 2, -1, 0, 1];
    private static readonly float[] _along = [-1, -2, -1, 0, 0, 0, 1, 2, 1];

    public static byte[] Write()
    {
        OnnxBytes graph = new OnnxBytes()
            .Message(1, Node("Conv", ["image", "filters"], "edges", ("pads", [1, 1, 1, 1])))
            .Message(1, Node("Relu", ["edges"], "strong"))
            .Message(1, Node("AveragePool", ["strong"], "tiles", ("kernel_shape", [7, 7]), ("strides", [7, 7])))
            .Message(1, Node("Flatten", ["tiles"], "features"))
            .Text(2, "edges")
            .Message(5, Filters())
            .Message(11, Value("image", 1, 28, 28))
            .Message(12, Value("features", 128));
        OnnxBytes operators = new OnnxBytes().Text(1, "").Number(2, 13);
        return new OnnxBytes().Number(1, 7).Message(7, graph).Message(8, operators).ToArray();
    }

    private static OnnxBytes Filters()
    {
        float[] values =
        [
            .. Enumerable.Range(0, DirectionCount).SelectMany(direction =>
            {
                double angle = 2 * Math.PI * direction / DirectionCount;
                return _across.Zip(_along, (x, y) => (float)((Math.Cos(angle) * x) + (Math.Sin(angle) * y)));
            }),
        ];
        return new OnnxBytes().Number(1, DirectionCount).Number(1, 1).Number(1, 3).Number(1, 3)
            .Number(2, SingleType).Text(8, "filters").Singles(9, values);
    }

    private static OnnxBytes Node(
        string type, string[] inputs, string output, params (string Name, long[] Values)[] attributes)
    {
        var node = new OnnxBytes();
        foreach (string input in inputs) node.Text(1, input);
        node.Text(2, output).Text(4, type);
        foreach ((string name, long[] values) in attributes)
        {
            OnnxBytes attribute = new OnnxBytes().Text(1, name);
            foreach (long value in values) attribute.Number(8, value);
            node.Message(5, attribute.Number(20, IntsAttribute));
        }

        return node;
    }

    private static OnnxBytes Value(string name, params int[] dims)
    {
        OnnxBytes shape = new OnnxBytes().Message(1, new OnnxBytes().Text(2, "n"));
        foreach (int dim in dims) shape.Message(1, new OnnxBytes().Number(1, dim));
        OnnxBytes tensor = new OnnxBytes().Number(1, SingleType).Message(2, shape);
        return new OnnxBytes().Text(1, name).Message(2, new OnnxBytes().Message(1, tensor));
    }
}
