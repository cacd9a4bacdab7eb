// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>How scores are turned into probabilities that can be taken at their word.</summary>
public enum CalibrationKind
{
    /// <summary>Not at all: scores are shares of the vote.</summary>
    None = 0,

    /// <summary>
    /// <c>P' ~ (P + 1e-5)^(1/T)</c>, with one temperature T for all classes; see <see cref="PowerTemperature"/>.
    /// </summary>
    PowerTemperature = 1,
}
