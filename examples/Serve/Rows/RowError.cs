// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace MemoryServe;

/// <summary>What is wrong with a request's rows.</summary>
/// <param name="Row">Place of the row in the request, from 0.</param>
/// <param name="Column">Name of the column; null where the row as a whole is wrong.</param>
/// <param name="Message">What must be, and what was got.</param>
internal sealed record RowError(int Row, string? Column, string Message);
