// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>What a tensor that is kept until backward is for.</summary>
internal enum SavedKind
{
    /// <summary>Input of a block.</summary>
    BlockInput,

    /// <summary>Normalised input of a layer norm.</summary>
    Normalized,

    /// <summary>One over the deviation of each token, and the scale of its codes.</summary>
    NormStatistics,

    /// <summary>Queries, keys and values.</summary>
    Projections,

    /// <summary>Scales of the codes of queries, keys and values.</summary>
    ProjectionScales,

    /// <summary>Probabilities of attention.</summary>
    Probabilities,

    /// <summary>Derivative of an activation.</summary>
    Activation,

    /// <summary>Both factors of a gated activation.</summary>
    Gate,

    /// <summary>Normalised inputs and hidden values of a side branch.</summary>
    SideBranch,

    /// <summary>One over the deviation of each token in a side branch.</summary>
    SideStatistics,

    /// <summary>Mask of padding, shared by all blocks.</summary>
    Mask,

    /// <summary>State of the generator of dropout masks.</summary>
    Generator,
}
