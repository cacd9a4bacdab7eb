// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.Memory;

/// <summary>Chooses among <see cref="QuantizedWidth"/>.</summary>
internal static class QuantizedWidths
{
    /// <summary>The widest that the processor has.</summary>
    public static QuantizedWidth Best => Avx512Vbmi.IsSupported ? QuantizedWidth.Permute512 : QuantizedWidth.Plain;
}
