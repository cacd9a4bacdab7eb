// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Onnx;

/// <summary>What is done to pixels of the encoder's size before the encoder reads them.</summary>
internal sealed record PixelArithmetic
{
    /// <summary>Whether the channels of a pixel lie together in the graph's input, [height, width, c].</summary>
    public required bool IsInterleaved { get; init; }

    /// <summary>Whether they do in the encoder's.</summary>
    public required bool IsInterleavedInside { get; init; }

    /// <summary>Channels of the graph's input: the encoder's, or 1.</summary>
    public required int Channels { get; init; }

    /// <summary>Whether the encoder reads blue first; the graph's input has red first.</summary>
    public required bool IsReversed { get; init; }

    public required double Scale { get; init; }

    /// <summary>What is taken off after scaling: none, one for all or one a channel, in the encoder's order.</summary>
    public required IReadOnlyList<double> Means { get; init; }

    /// <summary>What is divided by then, likewise.</summary>
    public required IReadOnlyList<double> Deviations { get; init; }

    /// <summary>Gives the shape of a row of the graph's input.</summary>
    /// <param name="inside">Shape of a row in the encoder.</param>
    public long[] ShapeOf(IReadOnlyList<int> inside)
    {
        (int height, int width) = IsInterleavedInside ? (inside[0], inside[1]) : (inside[1], inside[2]);
        return IsInterleaved ? [height, width, Channels] : [Channels, height, width];
    }

    /// <summary>Adds the arithmetic.</summary>
    /// <param name="graph">Receives the nodes.</param>
    /// <param name="pixels">[N, ...] Single.</param>
    /// <param name="inside">Shape of a row in the encoder.</param>
    /// <returns>[N, ...] Single as the encoder reads it.</returns>
    public string Add(OnnxGraph graph, string pixels, IReadOnlyList<int> inside)
    {
        string value = pixels;
        if (IsInterleaved && !IsInterleavedInside) value = graph.Transpose(value, 0, 3, 1, 2);
        if (!IsInterleaved && IsInterleavedInside) value = graph.Transpose(value, 0, 2, 3, 1);
        int axis = IsInterleavedInside ? 3 : 1;
        int channels = inside[axis - 1];
        if (Channels == 1 && channels > 1)
        {
            string[] copies = [.. Enumerable.Repeat(value, channels)];
            value = graph.Node("Concat", copies, OnnxGraph.Attribute("axis", (long)axis));
        }
        else if (IsReversed && channels == 3)
        {
            long[] order = [.. Enumerable.Range(0, channels).Reverse().Select(channel => (long)channel)];
            value = graph.Gather(value, graph.Tensor(order, channels), axis);
        }

        float[] factors = new float[channels];
        float[] shifts = new float[channels];
        for (int channel = 0; channel < channels; channel++)
        {
            double deviation = OfChannel(Deviations, channel, 1);
            factors[channel] = (float)(Scale / deviation);
            shifts[channel] = (float)(-OfChannel(Means, channel, 0) / deviation);
        }

        if (Array.Exists(factors, factor => factor != 1)) value = graph.Mul(value, OfChannels(graph, factors));
        return Array.Exists(shifts, shift => shift != 0) ? graph.Add(value, OfChannels(graph, shifts)) : value;
    }

    private static double OfChannel(IReadOnlyList<double> values, int channel, double otherwise)
        => values.Count == 0 ? otherwise : values[values.Count == 1 ? 0 : channel];

    private string OfChannels(OnnxGraph graph, float[] values)
        => IsInterleavedInside ? graph.Tensor(values, values.Length) : graph.Tensor(values, values.Length, 1, 1);
}
