// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.RowMapping;

/// <summary>The host's messages about columns, which an assembly beside it cannot call.</summary>
internal static class HostErrors
{
    public static ArgumentOutOfRangeException MissingColumn(string name) =>
        new("inputSchema", $"Could not find input column '{name}'");

    public static ArgumentOutOfRangeException Mismatch(string name, string expected, string found) =>
        new("inputSchema", $"Schema mismatch for input column '{name}': expected {expected}, got {found}");
}
