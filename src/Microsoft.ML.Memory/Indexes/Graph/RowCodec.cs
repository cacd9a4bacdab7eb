// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Buffers;

namespace Microsoft.ML.Memory;

/// <summary>
/// Turns vectors into codes and compares a query with codes: all that a walk through the graph computes.
/// </summary>
/// <remarks>
/// A walk's distances are those of the metric up to rounding, by inner product those of vectors relative to the centre,
/// and serve to choose candidates only. Pairs get the same distance in whatever company they are compared. Thread-safe:
/// no state but settings, and the centre, which is set before walks look at codes.
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
        Compared = metric;
        Dimension = dimension;
        CodeBytes = codeBytes;
        QueryBytes = queryBytes;
    }

    public Metric Metric { get; }

    public int Dimension { get; }

    /// <summary>
    /// What codes are relative to, and where they are exact, what entries are when they are linked by inner product;
    /// null is the origin.
    /// </summary>
    public RowCentre? Centre
    {
        get;
        set
        {
            field = value;
            Compared = value is not null && Metric == Metric.Cosine ? Metric.SquaredEuclidean : Metric;
        }
    }

    /// <summary>The metric by which codes are compared.</summary>
    private protected Metric Compared { get; private set; }

    /// <summary>Bytes of a code; a code begins with zeros everywhere.</summary>
    public int CodeBytes { get; }

    /// <summary>
    /// Bytes of a prepared query, which begins on the boundary of a cache line and ends with room for its code.
    /// </summary>
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
    public void Encode(float* values, byte* code)
    {
        if (IsExact || Centre is not { } centre)
        {
            EncodeValues(values, code);
            return;
        }

        float[] room = ArrayPool<float>.Shared.Rent(Dimension);
        centre.Subtract(values, room.AsSpan(0, Dimension));
        fixed (float* relative = room) EncodeValues(relative, code);
        ArrayPool<float>.Shared.Return(room);
    }

    /// <summary>Prepares a vector for being compared with codes.</summary>
    public void Prepare(float* values, byte* query)
    {
        byte* code = query + QueryBytes - CodeBytes;
        new Span<byte>(code, CodeBytes).Clear();
        if (Metric == Metric.InnerProduct) EncodeValues(values, code); // q·(x - c), not (q - c)·(x - c)
        else Encode(values, code);
        PrepareNumbers(code, query);
    }

    /// <summary>Prepares the entry of a code, relative to the centre, for being compared with codes.</summary>
    public virtual void PrepareCode(byte* code, byte* query) => PrepareNumbers(code, query);

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

    /// <summary>Makes the code of a vector that is already relative to the centre.</summary>
    private protected abstract void EncodeValues(float* values, byte* code);

    /// <summary>Prepares what a code says for being compared with codes.</summary>
    private protected abstract void PrepareNumbers(byte* code, byte* query);

    private protected abstract void MeasureGroups(byte* query, byte** codes, int count, float* distances);

    private protected static int RoundUp(int value, int multiple) => (value + multiple - 1) / multiple * multiple;
}
