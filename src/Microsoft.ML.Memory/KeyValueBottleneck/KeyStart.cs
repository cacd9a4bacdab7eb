// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>What the moving averages behind the keys start from.</summary>
public enum KeyStart
{
    /// <summary>From nothing; a key that no row is near keeps its place until it is moved as dead.</summary>
    Clean = 0,

    /// <summary>
    /// Sums from the random keys and counts from zero, as the authors' code has it: the first averages are too large,
    /// and a key that no row is near runs away.
    /// </summary>
    Official = 1,
}
