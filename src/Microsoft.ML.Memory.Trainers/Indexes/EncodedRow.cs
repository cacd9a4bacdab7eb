// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>What the host keeps of a row that the device holds.</summary>
/// <param name="Scale">The row is near this number times its code.</param>
/// <param name="Bias">
/// What is added to the row's product with a query: minus half the squared norm for squared L2, else 0; infinity where
/// the code tells nothing of the row, so that the row is always a candidate.
/// </param>
/// <param name="Error">At least the length of the difference of the row and scale times code.</param>
/// <param name="Norm">At least the length of the row, of the unit row for the cosine.</param>
internal readonly record struct EncodedRow(float Scale, float Bias, double Error, double Norm);
