// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Which columns about the neighbours a memory classifier, or a regression, adds beside the prediction.
/// </summary>
/// <remarks>Each is a vector of variable size, nearest first: a row has as many values as it has neighbours.</remarks>
[Flags]
public enum NeighborColumns
{
    /// <summary>None of them.</summary>
    None = 0,

    /// <summary><c>NeighborIds</c>: the id of each entry (Int64).</summary>
    Ids = 1,

    /// <summary><c>NeighborDistances</c>: distance in the unit of the metric, ascending (Single).</summary>
    Distances = 2,

    /// <summary>
    /// <c>NeighborLabels</c>: the class of each entry (key, with the key values of the label); the number of each in a
    /// regression (Single).
    /// </summary>
    Labels = 4,

    /// <summary><c>NeighborWeights</c>: share of each entry in the vote or the mean, summing to 1 (Single).</summary>
    Weights = 8,

    /// <summary>All of them.</summary>
    All = Ids | Distances | Labels | Weights,
}
