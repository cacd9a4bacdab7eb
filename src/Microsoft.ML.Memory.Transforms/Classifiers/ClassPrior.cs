// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>The scores of a row that nobody votes for.</summary>
internal static class ClassPrior
{
    /// <summary>Gives the share of the entries in each class; equal shares where there is no entry.</summary>
    public static double[] Of(BankSnapshot memory, int classCount)
    {
        var prior = new double[classCount];
        if (memory.Count == 0)
        {
            Array.Fill(prior, 1.0 / classCount);
            return prior;
        }

        memory.CountClasses(prior);
        for (int index = 0; index < classCount; index++) prior[index] /= memory.Count;
        return prior;
    }
}
