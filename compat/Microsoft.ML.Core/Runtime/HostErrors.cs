// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Microsoft.ML.Runtime;

/// <summary>Makes the host's exceptions: types, message patterns, marks in <see cref="Exception.Data"/>.</summary>
internal static class HostErrors
{
    /// <summary>The key under which every exception of the host carries a "1".</summary>
    public const string MarkKey = "ML_IsMarked";

    /// <summary>Marks an exception as the host's; with a context, also says who threw it.</summary>
    public static TException Mark<TException>(this IExceptionContext context, TException exception)
        where TException : Exception
    {
        if (context is not null)
            exception = context.Process(exception);
        exception.Data[MarkKey] = "1";
        return exception;
    }

    public static bool IsMarked(Exception exception) => exception.Data.Contains(MarkKey);

    public static InvalidOperationException Except(this IExceptionContext context, string message) =>
        context.Mark(new InvalidOperationException(message));

    /// <summary>The bare "Operation is not valid due to the current state of the object."</summary>
    public static InvalidOperationException Except(this IExceptionContext context) =>
        context.Mark(new InvalidOperationException());

    public static ArgumentOutOfRangeException ExceptParam(
        this IExceptionContext context, string parameter, string message) =>
        context.Mark(new ArgumentOutOfRangeException(parameter, message));

    public static FormatException ExceptDecode(
        this IExceptionContext context, string message, Exception inner = null) =>
        context.Mark(inner is null ? new FormatException(message) : new FormatException(message, inner));

    public static NotSupportedException ExceptNotSupported(this IExceptionContext context, string message) =>
        context.Mark(new NotSupportedException(message));

    public static void CheckValue(this IExceptionContext context, object value, string parameter)
    {
        if (value is null)
            throw context.Mark(new ArgumentNullException(parameter));
    }

    public static void CheckNonEmpty(this IExceptionContext context, string value, string parameter, string message)
    {
        if (string.IsNullOrEmpty(value))
            throw context.ExceptParam(parameter, message);
    }

    public static ArgumentOutOfRangeException ExceptMissingColumn(
        this IExceptionContext context, string role, string column, string parameter = "inputSchema") =>
        context.ExceptParam(parameter, $"Could not find {role} column '{column}'");

    public static ArgumentOutOfRangeException ExceptSchemaMismatch(
        this IExceptionContext context, string parameter, string role, string column, string expected, string actual) =>
        context.ExceptParam(parameter,
            $"Schema mismatch for {role} column '{column}': expected {expected}, got {actual}");
}
