// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.Memory;

/// <summary>Instructions that codes are multiplied with; they change the speed of a search, never its result.</summary>
internal enum CodeKernel
{
    /// <summary>Whatever the processor has.</summary>
    Plain,

    /// <summary>AVX2: 32 bytes by an instruction that adds pairs, and one that adds pairs of pairs.</summary>
    Avx2,

    /// <summary>The same with 64 bytes.</summary>
    Avx512,

    /// <summary>AVX-VNNI: 32 bytes by one instruction.</summary>
    Vnni,

    /// <summary>The dot product instructions of ARMv8.2.</summary>
    Neon,
}

/// <summary>Chooses the instructions, here and nowhere else.</summary>
internal static class CodeKernels
{
    /// <summary>
    /// The fastest that this processor has. Where VNNI and 512 bits do as many products a cycle, VNNI's queries are
    /// more exact, so that fewer rows are re-scored.
    /// </summary>
    public static CodeKernel Best =>
        IsSupported(CodeKernel.Vnni) ? CodeKernel.Vnni
        : IsSupported(CodeKernel.Avx512) ? CodeKernel.Avx512
        : IsSupported(CodeKernel.Avx2) ? CodeKernel.Avx2
        : IsSupported(CodeKernel.Neon) ? CodeKernel.Neon
        : CodeKernel.Plain;

    /// <summary>Says whether this processor has the instructions.</summary>
    public static bool IsSupported(CodeKernel kernel) => kernel switch
    {
        CodeKernel.Vnni => AvxVnni.IsSupported,
        CodeKernel.Avx512 => Avx512BW.IsSupported,
        CodeKernel.Avx2 => Avx2.IsSupported,
        CodeKernel.Neon => Dp.IsSupported,
        _ => true,
    };
}
