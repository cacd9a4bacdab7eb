// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Makes the exceptions of transforms, marked as the host marks its own.</summary>
internal static class Marked
{
    public static ArgumentOutOfRangeException Argument(string parameter, string message) =>
        Mark(new ArgumentOutOfRangeException(parameter, message));

    public static InvalidOperationException Operation(string message, Exception inner = null) =>
        Mark(new InvalidOperationException(message, inner));

    public static FormatException Format(string message, Exception inner = null) =>
        Mark(new FormatException(message, inner));

    public static T NotNull<T>(T value, string parameter)
        where T : class => value ?? throw Mark(new ArgumentNullException(parameter));

    public static string NotEmpty(string value, string parameter) => !string.IsNullOrEmpty(value)
        ? value
        : throw Argument(parameter, $"{parameter} cannot be null or empty");

    public static ArgumentOutOfRangeException MissingColumn(string name) =>
        Argument("inputSchema", $"Could not find input column '{name}'");

    public static ArgumentOutOfRangeException Mismatch(string name, string expected, string found) =>
        Argument("inputSchema", $"Schema mismatch for input column '{name}': expected {expected}, got {found}");

    public static InvalidOperationException WrongState() =>
        Operation("Operation is not valid due to the current state of the object.");

    private static TException Mark<TException>(TException exception)
        where TException : Exception
    {
        exception.Data["Throwing component"] = "Environment";
        return HostErrors.Mark(null, exception);
    }
}
