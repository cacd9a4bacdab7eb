// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Widths of networks that run beside the trunk.</summary>
internal static class SideWidth
{
    /// <summary>Divides a width of the backbone by a reduction, which must leave nothing over.</summary>
    /// <exception cref="ArgumentException">It does not divide.</exception>
    public static long Of(long width, int reduction, string option, string what) => width % reduction == 0
        ? width / reduction
        : throw new ArgumentException($"{option} must divide the backbone's {what} {width}. Got {reduction}.");
}
