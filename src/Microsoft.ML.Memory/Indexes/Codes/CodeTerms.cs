// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Memory;

/// <summary>What turns the products of a tile into bounds of scores, and which scores are looked for.</summary>
/// <param name="rows">The numbers of the tile's R rows.</param>
/// <param name="lengths">[W], the lengths of the queries' codes.</param>
/// <param name="reciprocals">[W], the reciprocals of the queries' steps.</param>
/// <param name="thresholds">[W], one number a query.</param>
internal readonly unsafe struct CodeTerms(CodeRowTerms rows, float* lengths, float* reciprocals, float* thresholds)
{
    public readonly CodeRowTerms Rows = rows;
    public readonly float* Lengths = lengths;
    public readonly float* Reciprocals = reciprocals;
    public readonly float* Thresholds = thresholds;

    /// <summary>Bounds the scores of a row for 8 queries, from the one given.</summary>
    /// <param name="products">Inner products of the codes.</param>
    /// <param name="row">Which row.</param>
    /// <param name="query">Which query is the first.</param>
    /// <returns>A bit for each score that may be above its threshold.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Sift(Vector256<int> products, int row, int query)
    {
        Vector256<float> bound = Vector256.ConvertToSingle(products) * Vector256.Create(Rows.Scales[row]);
        bound = Vector256.MultiplyAddEstimate(
            Vector256.Load(Lengths + query), Vector256.Create(Rows.Slacks[row]), bound);
        bound = Vector256.MultiplyAddEstimate(
            Vector256.Load(Reciprocals + query), Vector256.Create(Rows.Offsets[row]), bound);
        return Vector256.LessThanOrEqual(bound, Vector256.Load(Thresholds + query)).ExtractMostSignificantBits() ^ 0xFF;
    }

    /// <summary>The same for 16 queries.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Sift(Vector512<int> products, int row, int query)
    {
        Vector512<float> bound = Vector512.ConvertToSingle(products) * Vector512.Create(Rows.Scales[row]);
        bound = Vector512.MultiplyAddEstimate(
            Vector512.Load(Lengths + query), Vector512.Create(Rows.Slacks[row]), bound);
        bound = Vector512.MultiplyAddEstimate(
            Vector512.Load(Reciprocals + query), Vector512.Create(Rows.Offsets[row]), bound);
        Vector512<float> left = Vector512.LessThanOrEqual(bound, Vector512.Load(Thresholds + query));
        return (uint)left.ExtractMostSignificantBits() ^ 0xFFFF;
    }

    /// <summary>Bounds the scores of the first 4 rows for one query.</summary>
    /// <param name="products">Inner products of the codes.</param>
    /// <param name="query">Which query.</param>
    /// <returns>A bit for each row whose score may be above the threshold.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Sift(Vector128<int> products, int query)
    {
        Vector128<float> bound = Vector128.ConvertToSingle(products) * Vector128.Load(Rows.Scales);
        bound = Vector128.MultiplyAddEstimate(
            Vector128.Create(Lengths[query]), Vector128.Load(Rows.Slacks), bound);
        bound = Vector128.MultiplyAddEstimate(
            Vector128.Create(Reciprocals[query]), Vector128.Load(Rows.Offsets), bound);
        return Vector128.LessThanOrEqual(bound, Vector128.Create(Thresholds[query])).ExtractMostSignificantBits() ^ 0xF;
    }
}
