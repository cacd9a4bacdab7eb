// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Names of the columns that an example is read from, beside its label; null where there is none.</summary>
internal sealed record ImportColumnNames(string Features, string? Weight = null, string? Id = null);
