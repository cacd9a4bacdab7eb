// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Turns logits into probabilities.</summary>
internal static class Softmax
{
    /// <summary>
    /// Replaces logits by their softmax, the largest one subtracted first, so that nothing overflows.
    /// </summary>
    public static void Of(Span<double> logits)
    {
        double largest = double.NegativeInfinity;
        foreach (double logit in logits) largest = Math.Max(largest, logit);
        double sum = 0;
        foreach (ref double logit in logits)
        {
            logit = Math.Exp(logit - largest);
            sum += logit;
        }

        foreach (ref double logit in logits) logit /= sum;
    }
}
