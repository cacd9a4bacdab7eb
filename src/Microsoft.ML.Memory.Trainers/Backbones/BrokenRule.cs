// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>A rule that a backbone's config breaks.</summary>
/// <param name="Member">Name of the property.</param>
/// <param name="Key">Name of the field in a file.</param>
/// <param name="Constraint">What it must do, such as "be at least 1".</param>
/// <param name="Got">What it is.</param>
internal readonly record struct BrokenRule(string Member, string Key, string Constraint, string Got);
