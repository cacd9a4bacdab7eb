// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>What a search knows of a query's fine code, with which rows that passed are looked at again.</summary>
/// <remarks>
/// The query is u b + e with step u and code b, whose values have as many bits as 32-bit inner products with rows'
/// codes leave, up to 16. Scores stay in units of the step t of the coarse code.
/// </remarks>
/// <param name="Scale">u / t; 0 where the query has no code.</param>
/// <param name="Length">At least |u b| / t.</param>
/// <param name="Error">At least |e| / |u b|.</param>
internal readonly unsafe record struct FineCode(float Scale, float Length, double Error)
{
    /// <summary>Codes a query that has a coarse code.</summary>
    /// <param name="query">d values.</param>
    /// <param name="d">Length of the query.</param>
    /// <param name="step">Step t of its coarse code.</param>
    /// <param name="code">Receives d codes.</param>
    public static FineCode Of(float* query, int d, float step, short* code)
    {
        int largest = Math.Min(short.MaxValue, int.MaxValue / (RowCode.Largest * d));
        float fine = RowCode.StepOf(query, d, largest);
        CodeSums sums = RowCode.Round(query, d, fine, largest, code);
        double length = fine * Math.Sqrt(sums.Square);
        return new FineCode(
            fine / step, (float)(length / step * RowCode.RoundedUp), sums.Error / length * RowCode.RoundedUp);
    }
}
