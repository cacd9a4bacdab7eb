// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory;

namespace MemoryServe;

/// <summary>Lets explanations take turns: each is a search of its own, which has all processors.</summary>
internal sealed class ExplainTurn : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Explains when it is its turn.</summary>
    /// <param name="explain">Makes the explanation.</param>
    /// <param name="top">Most classes and neighbours in the answer.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public async Task<ExplanationAnswer> ExplainAsync(
        Func<Explanation> explain, int top, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            Explanation explanation = explain();
            return new ExplanationAnswer(
                explanation.PredictedLabel,
                Query.Best(explanation.ClassNames, explanation.Scores, top),
                [.. explanation.Contributions.Take(top)
                    .Select(each => new NeighborAnswer(each.Id, each.Label, Finite(each.Distance), each.Share))]);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private static float? Finite(float distance) => float.IsFinite(distance) ? distance : null;
}
