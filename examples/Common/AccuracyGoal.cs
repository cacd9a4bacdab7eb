// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace ExampleData;

/// <summary>What an accuracy must come to.</summary>
/// <param name="Value">In [0, 1].</param>
/// <param name="IsFloor">Whether more is as good; otherwise it must be the value, but for a few ties.</param>
internal sealed record AccuracyGoal(double Value, bool IsFloor)
{
    private const double Tolerance = 0.0005;

    public bool IsMetBy(double accuracy) => IsFloor ? accuracy >= Value : Math.Abs(accuracy - Value) <= Tolerance;

    public override string ToString() => IsFloor ? $"at least {Value:P0}" : $"{Value:P2}";
}
