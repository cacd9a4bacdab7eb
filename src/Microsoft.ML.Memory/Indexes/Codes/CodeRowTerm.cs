// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>The numbers of a row that bound its scores (<see cref="CodeRows"/>).</summary>
/// <param name="Scale">Factor of the inner product of codes.</param>
/// <param name="Slack">Factor of the query code's length; infinity where nothing is known of the row.</param>
/// <param name="Offset">Factor of the reciprocal of the query's step.</param>
/// <param name="Start">
/// Where the sum of products with a shifted query starts, so that it ends as the inner product of signed codes.
/// </param>
internal readonly record struct CodeRowTerm(float Scale, float Slack, float Offset, int Start);
