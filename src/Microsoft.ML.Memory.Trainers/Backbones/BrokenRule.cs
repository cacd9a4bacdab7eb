// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>A rule that a config breaks.</summary>
/// <param name="Member">Name of the property.</param>
/// <param name="Key">Name of the field in a file.</param>
/// <param name="Constraint">What it must do, such as "be at least 1".</param>
/// <param name="Got">What it is.</param>
internal readonly record struct BrokenRule(string Member, string Key, string Constraint, string Got)
{
    /// <summary>Throws one exception with all broken rules, if there are any.</summary>
    /// <param name="rules">The rules.</param>
    /// <param name="config">Name of the type whose rules they are.</param>
    /// <exception cref="ArgumentException">A rule is broken.</exception>
    public static void ThrowIfAny(IEnumerable<BrokenRule> rules, string config)
    {
        string[] broken = [.. rules.Select(rule => $"{config}.{rule.Member} must {rule.Constraint}. Got {rule.Got}.")];
        if (broken.Length > 0) throw new ArgumentException(string.Join(" ", broken));
    }
}
