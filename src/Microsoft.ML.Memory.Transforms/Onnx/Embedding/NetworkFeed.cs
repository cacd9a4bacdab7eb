// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.Memory;

/// <summary>Gives an input of a network the rows of a block.</summary>
/// <remarks>Belongs to one cursor or row, so to one thread at a time.</remarks>
internal abstract class NetworkFeed
{
    /// <summary>Makes room for <paramref name="rows"/> rows.</summary>
    public abstract void Reserve(int rows);

    /// <summary>Copies the row that the input stands on.</summary>
    public abstract void Read(int slot);

    /// <summary>Gives the number of tokens of a row; null where all rows have the same.</summary>
    public virtual int? TokenCountOf(int slot) => null;

    /// <summary>Makes what was read into rows of the network.</summary>
    /// <param name="order">The slots, in the order in which they run; one that is named again fills a run up.</param>
    public abstract void Prepare(ReadOnlySpan<int> order);

    /// <summary>Gives prepared rows to the network; the caller disposes the value before the next block.</summary>
    /// <param name="start">Place of the first row in the order.</param>
    /// <param name="count">Number of rows.</param>
    /// <param name="tokenCount">Tokens of each row, where rows may differ.</param>
    public abstract OrtValue Bind(int start, int count, int tokenCount);

    /// <summary>Gives the numbers of a prepared row as weights.</summary>
    public abstract void CopyWeights(int place, Span<float> weights);
}
