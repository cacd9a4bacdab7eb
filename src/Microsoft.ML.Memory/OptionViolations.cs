// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using Microsoft.ML.Memory.Storage;

namespace Microsoft.ML.Memory;

/// <summary>Collects what is wrong with a set of options, so that all of it is said at once.</summary>
/// <param name="options">Name of the options type, which every message starts with.</param>
internal sealed class OptionViolations(string options)
{
    private readonly List<string> _messages = [];

    /// <summary>Notes a violation where a rule does not hold.</summary>
    /// <param name="holds">Whether the rule holds.</param>
    /// <param name="name">Name of the setting.</param>
    /// <param name="constraint">What the setting must be, such as "at least 1".</param>
    /// <param name="got">What it is.</param>
    public void Require(bool holds, string name, string constraint, object? got)
    {
        if (holds) return;
        string shown = got is null or "" ? "an empty name" : Convert.ToString(got, CultureInfo.InvariantCulture)!;
        _messages.Add($"{options}.{name} must be {constraint}. Got {shown}.");
    }

    /// <summary>Requires a name of a column that files keep.</summary>
    public void RequireName(string? column, string name)
    {
        Require(!string.IsNullOrEmpty(column), name, "a column name", column);
        RequireNullOrName(column is "" ? null : column, name);
    }

    /// <summary>Requires a name of a column that files keep, or null.</summary>
    public void RequireNullOrName(string? column, string name)
    {
        Require(column != "", name, "null or a column name", column);
        Require(WholeText.Is(column), name, $"of {WholeText.Constraint}", WholeText.Got);
    }

    /// <summary>Requires a finite number of at least a minimum.</summary>
    public void RequireAtLeast(double value, double minimum, string name)
        => Require(
            value >= minimum && double.IsFinite(value),
            name,
            string.Create(CultureInfo.InvariantCulture, $"finite and at least {minimum}"),
            value);

    /// <summary>Requires a whole number of at least a minimum.</summary>
    public void RequireAtLeast(int value, int minimum, string name)
        => Require(value >= minimum, name, string.Create(CultureInfo.InvariantCulture, $"at least {minimum}"), value);

    /// <summary>Requires a finite number above 0.</summary>
    public void RequirePositive(double value, string name)
        => Require(value > 0 && double.IsFinite(value), name, "finite and above 0", value);

    /// <summary>Throws one exception with all violations, if there are any.</summary>
    /// <exception cref="ArgumentException">A rule did not hold.</exception>
    public void ThrowIfAny()
    {
        if (_messages.Count > 0) throw new ArgumentException(string.Join(" ", _messages));
    }
}
