// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>The numbers of rows that bound their scores (<see cref="CodeRows"/>), one of each kind a row.</summary>
/// <param name="scales">Factors of the inner product of codes.</param>
/// <param name="slacks">Factors of the length of the query's code; infinity where nothing is known of the row.</param>
/// <param name="fineSlacks">Factors of the length of the query's fine code; infinity likewise.</param>
/// <param name="offsets">Factors of the reciprocal of the query's step.</param>
/// <param name="starts">
/// Where the sums of products with a shifted query start, so that they end as the inner products of signed codes.
/// </param>
internal readonly unsafe struct CodeRowTerms(
    float* scales, float* slacks, float* fineSlacks, float* offsets, int* starts)
{
    public readonly float* Scales = scales;
    public readonly float* Slacks = slacks;
    public readonly float* FineSlacks = fineSlacks;
    public readonly float* Offsets = offsets;
    public readonly int* Starts = starts;

    /// <summary>Makes room for as many rows.</summary>
    public static CodeRowTerms Take(NativeScratch scratch, int rowCount) => new(
        scratch.Take<float>(rowCount),
        scratch.Take<float>(rowCount),
        scratch.Take<float>(rowCount),
        scratch.Take<float>(rowCount),
        scratch.Take<int>(rowCount));

    /// <summary>Gives the numbers from a row on.</summary>
    public CodeRowTerms From(int row) =>
        new(Scales + row, Slacks + row, FineSlacks + row, Offsets + row, Starts + row);
}
