// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>How far lists reach: by how much products with their entries exceed those with their heads.</summary>
/// <remarks>
/// <para>The reach of a list with head h is max |x - h| / sqrt(d) over the entries x at home there: the standard
/// deviation of q·x - q·h for the farthest one and a unit vector q of random direction. A list stands for
/// q·h + |q|·reach, so that long entries are found though their list's head is short, or points elsewhere.</para>
/// </remarks>
internal sealed unsafe class ListReaches
{
    private readonly float[] _heads;
    private readonly int _dimension;
    private readonly double[] _largest; // squared distance of an entry at home

    /// <param name="heads">[m, d].</param>
    /// <param name="dimension">d.</param>
    public ListReaches(float[] heads, int dimension)
    {
        _heads = heads;
        _dimension = dimension;
        _largest = new double[heads.Length / dimension];
    }

    /// <summary>Takes up an entry, [d] floats, that is at home in a list.</summary>
    public void Take(int list, ReadOnlySpan<byte> entry)
    {
        fixed (float* heads = _heads)
        fixed (byte* row = entry)
        {
            float* head = heads + ((nint)list * _dimension);
            double distance = PairDistance.Of(Metric.SquaredEuclidean, head, 0, (float*)row, _dimension);
            _largest[list] = Math.Max(_largest[list], distance);
        }
    }

    /// <summary>Gives the reaches of all lists, [m].</summary>
    public float[] ToArray()
        => [.. _largest.Select(largest => (float)Math.Min(float.MaxValue, Math.Sqrt(largest / _dimension)))];
}
