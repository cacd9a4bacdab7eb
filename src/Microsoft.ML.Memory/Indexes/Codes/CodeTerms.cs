// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Memory;

/// <summary>What turns the products of a tile into bounds of scores, and which scores are looked for.</summary>
/// <param name="rows">[R], the numbers of the rows.</param>
/// <param name="lengths">[W], the lengths of the queries' codes.</param>
/// <param name="reciprocals">[W], the reciprocals of the queries' steps.</param>
/// <param name="thresholds">[W], one number a query.</param>
internal readonly unsafe struct CodeTerms(CodeRowTerm* rows, float* lengths, float* reciprocals, float* thresholds)
{
    public readonly CodeRowTerm* Rows = rows;
    public readonly float* Lengths = lengths;
    public readonly float* Reciprocals = reciprocals;
    public readonly float* Thresholds = thresholds;

    /// <summary>Bounds the scores of a row for 8 queries, from the one given.</summary>
    /// <param name="products">Inner products of the codes.</param>
    /// <param name="row">Which row.</param>
    /// <param name="query">Which query is the first.</param>
    /// <param name="most">Receives 8 numbers that the scores do not exceed.</param>
    /// <returns>A bit for each that is not at or below its threshold; NaN is not.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Sift(Vector256<int> products, int row, int query, float* most)
    {
        CodeRowTerm* term = Rows + row;
        Vector256<float> bound = Vector256.ConvertToSingle(products) * Vector256.Create(term->Scale);
        bound = Vector256.MultiplyAddEstimate(Vector256.Load(Lengths + query), Vector256.Create(term->Slack), bound);
        bound = Vector256.MultiplyAddEstimate(
            Vector256.Load(Reciprocals + query), Vector256.Create(term->Offset), bound);
        bound.Store(most);
        return Vector256.LessThanOrEqual(bound, Vector256.Load(Thresholds + query)).ExtractMostSignificantBits() ^ 0xFF;
    }

    /// <summary>The same for 16 queries.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Sift(Vector512<int> products, int row, int query, float* most)
    {
        CodeRowTerm* term = Rows + row;
        Vector512<float> bound = Vector512.ConvertToSingle(products) * Vector512.Create(term->Scale);
        bound = Vector512.MultiplyAddEstimate(Vector512.Load(Lengths + query), Vector512.Create(term->Slack), bound);
        bound = Vector512.MultiplyAddEstimate(
            Vector512.Load(Reciprocals + query), Vector512.Create(term->Offset), bound);
        bound.Store(most);
        Vector512<float> left = Vector512.LessThanOrEqual(bound, Vector512.Load(Thresholds + query));
        return (uint)left.ExtractMostSignificantBits() ^ 0xFFFF;
    }
}
