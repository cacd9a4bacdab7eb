// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace MemoryServe;

/// <summary>A column of the input.</summary>
/// <param name="Name">Name in a row.</param>
/// <param name="Type">Type in JSON.</param>
/// <param name="Size">Length of an array; 0 where it may be any, null for what is no array.</param>
/// <param name="IsNeeded">Whether a row to predict must have it.</param>
internal sealed record ColumnAnswer(string Name, string Type, int? Size, bool IsNeeded);
