// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>What is known of the rows of a stretch, for the bound on their scores.</summary>
/// <param name="Error">Largest <see cref="EncodedRow.Error"/>.</param>
/// <param name="Norm">Largest <see cref="EncodedRow.Norm"/>.</param>
/// <param name="Bias">Largest magnitude of a finite <see cref="EncodedRow.Bias"/>.</param>
internal readonly record struct RowSlack(double Error, double Norm, double Bias)
{
    /// <summary>At least the length of what the code stands for.</summary>
    public double Reach => Norm + Error;

    public RowSlack Or(RowSlack other) =>
        new(Math.Max(Error, other.Error), Math.Max(Norm, other.Norm), Math.Max(Bias, other.Bias));

    public RowSlack Plus(RowSlack other) => new(Error + other.Error, Norm + other.Norm, Bias + other.Bias);

    public static RowSlack Of(in EncodedRow row) =>
        new(row.Error, row.Norm, float.IsFinite(row.Bias) ? Math.Abs(row.Bias) : 0);
}
