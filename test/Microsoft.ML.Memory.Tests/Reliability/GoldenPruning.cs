// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.Reliability;

/// <summary>What the file of small reference votes with pruning holds.</summary>
internal sealed record GoldenPruning(
    GoldenPruningCase[] Cases, GoldenHierarchy Hierarchy, GoldenLine LooLine, GoldenMultipliers SoftMultipliers);

/// <summary>One list of neighbours, some excluded or weakened, and what each vote makes of it.</summary>
internal sealed record GoldenPruningCase(
    string Name,
    int Classes,
    int[] Labels,
    double[] Distances,
    bool[]? Excluded,
    double[]? Rho,
    Dictionary<string, GoldenPrunedVote> Votes);

/// <summary>The outcome of one vote.</summary>
internal sealed record GoldenPrunedVote(int Label, double[] Probabilities, int[] Prefix);

/// <summary>A list of neighbours that votes at the leaves and at a level above.</summary>
internal sealed record GoldenHierarchy(
    int[] LevelMap, int[] Labels, double[] Distances, Dictionary<string, GoldenLevels> Votes);

/// <summary>Winners and shares at the leaves and above, and the leaf winner's ancestor.</summary>
internal sealed record GoldenLevels(
    int Leaf, double[] LeafProbabilities, int Level, double[] LevelProbabilities, int LeafMappedUp);

/// <summary>Leave-one-out counts of points on a line.</summary>
internal sealed record GoldenLine(float[] Points, int[] Labels, int K, int[] Wrong, int[] Correct);

/// <summary>Soft multipliers of wrong counts.</summary>
internal sealed record GoldenMultipliers(int[] Wrong, double[] Rho);
