// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>What LoRA adds to a linear layer: s x Aᵀ Bᵀ.</summary>
/// <param name="Down">A, [r, in].</param>
/// <param name="Up">B, [out, r].</param>
/// <param name="Scale">s.</param>
internal sealed record LowRankTerm(Tensor Down, Tensor Up, double Scale)
{
    public const string DownName = ".lora_A.weight";
    public const string UpName = ".lora_B.weight";

    /// <summary>The same term with s multiplied; one leaves it as it is.</summary>
    public static LowRankTerm operator *(LowRankTerm term, double weight) =>
        weight == 1 ? term : term with { Scale = term.Scale * weight };

    /// <summary>[.., in] -> [.., out].</summary>
    public Tensor Apply(Tensor x)
    {
        using var scope = NewDisposeScope();
        Tensor narrow = nn.functional.linear(x, Down.Like(x)); // [.., r]
        return nn.functional.linear(narrow, Up.Like(x)).mul(Scale).MoveToOuterDisposeScope();
    }

    /// <summary>What it adds to the weight, s B A of [out, in].</summary>
    public Tensor Delta()
    {
        using var scope = NewDisposeScope();
        return Up.mm(Down).mul(Scale).MoveToOuterDisposeScope();
    }
}
