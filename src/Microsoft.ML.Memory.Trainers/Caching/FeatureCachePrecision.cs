// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>How numbers of a feature cache are held on disk.</summary>
public enum FeatureCachePrecision
{
    /// <summary>Four bytes a number; training with the cache equals training without it.</summary>
    Single,

    /// <summary>Two bytes a number, with about three decimal digits and no magnitude above 65504.</summary>
    Half,
}
