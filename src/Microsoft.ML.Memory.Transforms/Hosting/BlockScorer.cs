// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Hosting;

/// <summary>
/// Computes the added columns of a block of rows: rows are read into slots, scored together, then served.
/// </summary>
/// <remarks>Belongs to one cursor or row, so to one thread at a time.</remarks>
internal abstract class BlockScorer
{
    /// <summary>
    /// Largest number of rows of the next block, at least 1, where that depends on what was computed; the smaller of
    /// this and <see cref="IBlockMapping.MaxBlockRows"/> holds.
    /// </summary>
    public virtual int MaxBlockRows => int.MaxValue;

    /// <summary>Makes room for blocks of up to <paramref name="rows"/> rows.</summary>
    public abstract void Reserve(int rows);

    /// <summary>Copies what is needed of the row that the input stands on into slot <paramref name="slot"/>.</summary>
    public abstract void Read(int slot);

    /// <summary>Scores the rows in slots [0, <paramref name="count"/>).</summary>
    public abstract void Score(int count);

    /// <summary>
    /// Gives a <see cref="ValueGetter{TValue}"/> of output <paramref name="output"/> for whichever slot is current.
    /// </summary>
    /// <param name="output">Index into <see cref="IBlockMapping.Outputs"/>.</param>
    /// <param name="slot">Says which slot is current; throws where there is no current row.</param>
    public abstract Delegate CreateGetter(int output, Func<int> slot);

    /// <summary>Called once when the pass has seen its last row, to report what was noticed on the way.</summary>
    public virtual void Finish()
    {
    }
}
