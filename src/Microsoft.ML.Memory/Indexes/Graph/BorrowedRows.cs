// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Vectors that an index does not keep itself.</summary>
/// <param name="Dimension">Length of a vector.</param>
/// <param name="Metric">How far apart two are.</param>
/// <param name="AddressOf">
/// Gives the address of the vector of an id, 0 where there is none; it stays for as long as the index.
/// </param>
internal sealed record BorrowedRows(int Dimension, Metric Metric, Func<long, nint> AddressOf);
