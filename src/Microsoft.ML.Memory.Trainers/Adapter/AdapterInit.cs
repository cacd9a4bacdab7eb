// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>First values of an adapter's two matrices; its biases start at 0.</summary>
public enum AdapterInit
{
    /// <summary>Down evenly in ±1/sqrt(in), up at 0: training starts from the frozen backbone.</summary>
    ZeroUp,

    /// <summary>Both from a normal distribution of deviation 0.001, nothing beyond two deviations.</summary>
    SmallNormal,
}
