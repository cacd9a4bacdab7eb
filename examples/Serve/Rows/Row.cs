// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace MemoryServe;

/// <summary>One row as a request gave it: a value for each column of the model's input, null where it gave none.
/// </summary>
internal sealed record Row(object?[] Values);
