// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace MemoryServe;

/// <summary>An error as RFC 9457 has it.</summary>
/// <param name="Title">Name of the status.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">What must be, and what was got.</param>
/// <param name="Errors">What is wrong with which row; null where rows are not the matter.</param>
internal sealed record ProblemDocument(string Title, int Status, string Detail, IReadOnlyList<RowError>? Errors);
