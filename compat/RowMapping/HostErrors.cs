// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.RowMapping;

/// <summary>The host's messages about columns, which an assembly beside it cannot call.</summary>
internal static class HostErrors
{
    private const string MarkKey = "ML_IsMarked";

    public static ArgumentOutOfRangeException MissingColumn(string name) => Marked(
        new ArgumentOutOfRangeException("inputSchema", $"Could not find input column '{name}'"));

    public static ArgumentOutOfRangeException Mismatch(string name, string expected, string found) => Marked(
        new ArgumentOutOfRangeException(
            "inputSchema", $"Schema mismatch for input column '{name}': expected {expected}, got {found}"));

    public static InvalidOperationException NotOnARow() =>
        Marked(new InvalidOperationException("Cannot get value as the cursor is not in a good state"));

    /// <summary>What a cursor that computes ahead throws in place of what went wrong.</summary>
    public static InvalidOperationException Ahead(Exception exception) => Marked(new InvalidOperationException(
        "Splitter/consolidator worker encountered exception while consuming source data", exception));

    /// <summary>Marks an exception as the host marks its own.</summary>
    public static TException Marked<TException>(TException exception)
        where TException : Exception
    {
        exception.Data[MarkKey] = "1";
        return exception;
    }
}
