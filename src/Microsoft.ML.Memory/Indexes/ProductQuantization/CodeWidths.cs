// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.Memory;

/// <summary>Chooses among <see cref="CodeWidth"/>.</summary>
internal static class CodeWidths
{
    /// <summary>The widest that the processor has.</summary>
    public static CodeWidth Best => Avx512Vbmi.IsSupported ? CodeWidth.Permute512 : CodeWidth.Plain;
}
