// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Rows that run together.</summary>
/// <param name="Start">Place of the first one in the order of a block.</param>
/// <param name="Count">Number of rows.</param>
/// <param name="Used">How many of them count; the others fill the run up.</param>
/// <param name="TokenCount">Tokens of each; 0 where all rows of the network have the same.</param>
internal readonly record struct RowRun(int Start, int Count, int Used, int TokenCount);
