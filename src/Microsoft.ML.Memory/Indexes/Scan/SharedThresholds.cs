// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>
/// What the workers of a pass tell each other: for each query, the highest threshold that one has reached.
/// </summary>
/// <remarks>
/// Workers may miss each other's newest values, so how many rows they take in differs from run to run. What is found
/// does not: any threshold ever reached is a right one.
/// </remarks>
internal readonly unsafe struct SharedThresholds(NativeScratch scratch, int queryCount)
{
    private readonly float* _thresholds = scratch.Take<float>(queryCount);

    /// <summary>Sets the threshold that a query begins with.</summary>
    public void Set(int query, float threshold) => _thresholds[query] = threshold;

    /// <summary>Raises a worker's thresholds to what others have reached, and the other way round.</summary>
    /// <param name="own">The worker's, one number a query.</param>
    /// <param name="count">Number of queries.</param>
    public void Exchange(float* own, int count)
    {
        for (int query = 0; query < count; query++)
        {
            float threshold = Math.Max(own[query], _thresholds[query]);
            if (float.IsPositiveInfinity(threshold)) continue; // a worker that gave up says nothing of the others' rows
            own[query] = threshold;
            _thresholds[query] = threshold;
        }
    }
}
