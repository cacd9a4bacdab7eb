// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>How queries that belong to no class of the memory are told from the others.</summary>
public sealed record RejectionOptions
{
    /// <summary>What tells unknown queries. There is no default, because no kind is best everywhere.</summary>
    public required UnknownScoreKind Score { get; init; }

    /// <summary>
    /// Share of the known queries that pass, above 0 and at most 1, rounded up to a thousandth. Default 0.95.
    /// </summary>
    public double KeptRate { get; init; } = 0.95;

    /// <summary>Checks every setting.</summary>
    /// <param name="violations">Receives what is wrong.</param>
    /// <param name="name">Name of the property that holds these options.</param>
    internal void Validate(OptionViolations violations, string name)
    {
        violations.Require(Enum.IsDefined(Score), $"{name}.{nameof(Score)}", "a kind of score", Score);
        violations.Require(
            KeptRate is > 0 and <= 1, $"{name}.{nameof(KeptRate)}", "above 0 and at most 1", KeptRate);
    }
}
