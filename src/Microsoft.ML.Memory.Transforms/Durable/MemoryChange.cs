// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>One change of a memory, as it is journalled: it says all that has to be done again at the next opening.
/// </summary>
/// <remarks>Immutable once made.</remarks>
internal abstract class MemoryChange;
