// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Classifies blocks of rows for one cursor, so for one thread at a time.</summary>
internal abstract class BlockClassifier
{
    /// <summary>
    /// The entries that alone may be neighbours of the rows to be classified next; null where all may be. Filled by the
    /// scorer.
    /// </summary>
    public CandidateLists? Candidates { get; init; }

    /// <summary>Makes room for blocks of up to <paramref name="rows"/> rows.</summary>
    public virtual void Reserve(int rows)
    {
    }

    /// <summary>Classifies the next rows of the pass.</summary>
    /// <param name="rows">[n, d], row-major; a row may hold NaN or infinity and then has no prediction.</param>
    /// <param name="labels">Receives [n] label keys: class + 1, or 0 (missing) where there is no prediction.</param>
    /// <param name="scores">Receives [n, c]; every row sums to 1, also one without a prediction.</param>
    public abstract void Classify(ReadOnlySpan<float> rows, Span<uint> labels, Span<float> scores);

    /// <summary>
    /// Gives the getter of a column that the classifier adds after label and scores, counted from 0.
    /// </summary>
    public virtual Delegate CreateGetter(int column, Func<int> slot)
        => throw new ArgumentOutOfRangeException(nameof(column));
}
