// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>The scores of a row that nobody votes for.</summary>
internal static class ClassPrior
{
    /// <summary>Gives the share of the entries in each class; equal shares where there is no entry.</summary>
    /// <param name="memory">The memory.</param>
    /// <param name="classCount">Number of classes.</param>
    /// <param name="without">Class of an entry that counts as not there; null counts all.</param>
    public static double[] Of(BankSnapshot memory, int classCount, int? without = null)
    {
        var prior = new double[classCount];
        int count = memory.Count - (without is null ? 0 : 1);
        if (count == 0)
        {
            Array.Fill(prior, 1.0 / classCount);
            return prior;
        }

        memory.CountClasses(prior);
        if (without is { } label) prior[label]--;
        for (int index = 0; index < classCount; index++) prior[index] /= count;
        return prior;
    }
}
