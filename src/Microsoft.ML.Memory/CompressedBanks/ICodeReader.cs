// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Turns a row and the codes of a compressed bank into class scores.</summary>
/// <remarks>Belongs to one bank; safe for concurrent use with a scratch for each caller.</remarks>
internal interface ICodeReader
{
    /// <summary>Numbers that a caller lends for the time of a call.</summary>
    int ScratchLength { get; }

    /// <summary>Reads the bank for one prepared row.</summary>
    /// <param name="row">[d].</param>
    /// <param name="scores">Receives [c], summing to 1; the bank has at least one entry.</param>
    /// <param name="scratch">Overwritten.</param>
    void Read(ReadOnlySpan<float> row, Span<double> scores, Span<double> scratch);
}
