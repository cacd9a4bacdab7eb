// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Hosting;

/// <summary>Turns what a column holds in the current row into numbers.</summary>
internal interface IRowReader
{
    /// <summary>Copies the row that the input stands on.</summary>
    /// <param name="destination">Receives [d].</param>
    /// <exception cref="InvalidOperationException">The row does not fit its column.</exception>
    void Read(Span<float> destination);
}
