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

    /// <summary>The same with 64 bytes, for many queries; a few are left to VNNI or AVX2.</summary>
    Avx512,

    /// <summary>AVX-VNNI: 32 bytes by one instruction.</summary>
    Vnni,

    /// <summary>The dot product instructions of ARMv8.2.</summary>
    Neon,
}

/// <summary>Chooses the instructions, here and nowhere else.</summary>
internal static class CodeKernels
{
    private const int StartOfAuthenticAmd = 0x68747541;

    /// <summary>
    /// The fastest that this processor has. 512 bits do a third more products than VNNI's 256 where additions run
    /// beside multiplications, as they do on AMD's processors; on others they take turns.
    /// </summary>
    public static CodeKernel Best { get; } =
        IsSupported(CodeKernel.Avx512) && (IsAmd || !IsSupported(CodeKernel.Vnni)) ? CodeKernel.Avx512
        : IsSupported(CodeKernel.Vnni) ? CodeKernel.Vnni
        : IsSupported(CodeKernel.Avx2) ? CodeKernel.Avx2
        : IsSupported(CodeKernel.Neon) ? CodeKernel.Neon
        : CodeKernel.Plain;

    private static bool IsAmd => X86Base.IsSupported && X86Base.CpuId(0, 0).Ebx == StartOfAuthenticAmd;

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
