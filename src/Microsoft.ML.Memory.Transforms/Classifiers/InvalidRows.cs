// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Runtime;

namespace Microsoft.ML.Memory;

/// <summary>How many rows of a pass had something that is not as it should be, such as a NaN.</summary>
/// <param name="Count">Rows that had it.</param>
/// <param name="First">Position of the first of them.</param>
/// <param name="Total">All rows.</param>
internal readonly record struct InvalidRows(long Count, long First, long Total)
{
    public InvalidRows After(long position, bool isValid) => new(
        isValid ? Count : Count + 1, isValid || Count > 0 ? First : position, Total + 1);

    /// <summary>Reports the rows to the host's log.</summary>
    /// <param name="environment">The host.</param>
    /// <param name="transformer">Name of the transformer that read them.</param>
    /// <param name="columnName">Name of the feature column.</param>
    /// <param name="consequence">What becomes of the rows, such as "they have no prediction".</param>
    public void Warn(IHostEnvironment environment, string transformer, string columnName, string consequence)
    {
        using IChannel channel = environment.Register(transformer).Start("Transform");
        channel.Warning(
            MessageSensitivity.Schema,
            $"Column '{columnName}' should hold finite numbers. Got NaN or infinity in {Count} of {Total} rows, "
            + $"first in row {First}; {consequence}.");
    }
}
