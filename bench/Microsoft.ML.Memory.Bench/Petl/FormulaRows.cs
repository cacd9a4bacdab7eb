// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Bench;

/// <summary>Activations that methods keep on ViT-B/16 at 224 pixels, by the formulas that the tests hold the code to.
/// </summary>
internal static class FormulaRows
{
    private static readonly MemoryShape _vitBase = new(197, 768, 12, 12, 3072);

    private static readonly (string Name, MemoryMethod Method, double Most)[] _methods =
    [
        ("LoRA q,v", MemoryMethod.LoraQueryValue(8), 0.72),
        ("BitFit", MemoryMethod.BitFit, 0.66),
        ("LST", MemoryMethod.Ladder(8), 0.22),
        ("S2A, 4 bits", MemoryMethod.S2a.WithSide(96), 0.25),
        ("S2A, all 4 bits", MemoryMethod.S2aEverything.WithSide(96), 0.10),
        ("VQT", MemoryMethod.Queries(1), 0.13),
        ("UniPT", MemoryMethod.UniPt(96), 0.12),
        ("SHERL", MemoryMethod.Sherl(96), 0.16),
    ];

    public static void Run(BenchReport report)
    {
        foreach ((string name, MemoryMethod method, double most) in _methods)
        {
            double share = MemoryModel.Ratio(_vitBase, method);
            report.Add(new Figure($"{name}, ViT-B/16", "activations by formula", share, "x full")
            {
                Peer = "most that is allowed",
                Ratio = most / share,
                Floor = 1,
            });
        }
    }
}
