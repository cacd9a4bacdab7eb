// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Names of the columns that an example is read from, beside its label; null where there is none.</summary>
/// <param name="Features">The feature column.</param>
/// <param name="Weight">The column of weights.</param>
/// <param name="Id">The column of ids.</param>
/// <param name="Encoder">Mark of the encoder that the features must come from where they have one.</param>
internal sealed record ImportColumnNames(
    string Features, string? Weight = null, string? Id = null, string? Encoder = null);
