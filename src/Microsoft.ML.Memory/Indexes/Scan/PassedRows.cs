// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.CompilerServices;

namespace Microsoft.ML.Memory;

/// <summary>Brings together which rows of a tile have scores that passed.</summary>
internal static unsafe class PassedRows
{
    /// <summary>
    /// Gives one bit a row. Which rows pass is anybody's guess, so that to ask row by row would cost more.
    /// </summary>
    /// <param name="passed">For each row, one bit a query.</param>
    /// <param name="count">Number of rows, at most 32.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Of(uint* passed, int count)
    {
        uint rows = 0;
        for (int row = 0; row < count; row++) rows |= (passed[row] != 0 ? 1u : 0u) << row;
        return rows;
    }
}
