// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>
/// Turns vectors into codes and compares a query with codes: all that a walk through the graph computes.
/// </summary>
/// <remarks>
/// A walk's distances are those of the metric up to rounding, and serve to choose candidates only. Pairs get the same
/// distance in whatever company they are compared. Thread-safe: no state but settings.
/// </remarks>
internal abstract unsafe class RowCodec
{
    /// <summary>Codes are compared four at a time.</summary>
    public const int GroupRows = 4;

    /// <summary>Squared distance of vectors of length 1 below which products of floats tell little of it.</summary>
    private protected const float BlurOfProducts = 1f / (1 << 15);

    private protected const int HeadBytes = 64;

    private protected RowCodec(Metric metric, int dimension, int codeBytes, int queryBytes)
    {
        Metric = metric;
        Dimension = dimension;
        CodeBytes = codeBytes;
        QueryBytes = queryBytes;
    }

    public Metric Metric { get; }

    public int Dimension { get; }

    /// <summary>Bytes of a code; a code begins with zeros everywhere.</summary>
    public int CodeBytes { get; }

    /// <summary>Bytes of a prepared query, which begins on the boundary of a cache line.</summary>
    public int QueryBytes { get; }

    /// <summary>True where a code begins with the vector as it was given, so that nothing else need be kept.</summary>
    public abstract bool IsExact { get; }

    public static RowCodec Create(VectorEncoding encoding, Metric metric, int dimension, ScanWidth width) =>
        encoding switch
        {
            VectorEncoding.Single => new SingleCodec(metric, dimension, width),
            VectorEncoding.Half => new HalfCodec(metric, dimension, width),
            _ => new SignedByteCodec(metric, dimension, width),
        };

    /// <summary>Gives the distance from a code below which codes tell little of that of their vectors.</summary>
    /// <returns>
    /// -infinity, which no distance is below, where they always tell, and under the inner product, where near is not
    /// small.
    /// </returns>
    public abstract float BlurOf(byte* code);

    /// <summary>Makes the code of a vector.</summary>
    public abstract void Encode(float* values, byte* code);

    /// <summary>Prepares a vector for being compared with codes.</summary>
    public abstract void Prepare(float* values, byte* query);

    /// <summary>Prepares the vector of a code for being compared with codes.</summary>
    public abstract void PrepareCode(byte* code, byte* query);

    /// <summary>Compares a prepared query with codes.</summary>
    /// <param name="query">What a method above made.</param>
    /// <param name="codes">The codes; there is room for three more after the last.</param>
    /// <param name="count">Number of codes.</param>
    /// <param name="distances">Receives a distance each; there is room for three more.</param>
    public void Measure(byte* query, byte** codes, int count, float* distances)
    {
        for (int missing = count; missing % GroupRows != 0; missing++) codes[missing] = codes[0];
        MeasureGroups(query, codes, count, distances);
    }

    private protected abstract void MeasureGroups(byte* query, byte** codes, int count, float* distances);

    private protected static int RoundUp(int value, int multiple) => (value + multiple - 1) / multiple * multiple;
}
