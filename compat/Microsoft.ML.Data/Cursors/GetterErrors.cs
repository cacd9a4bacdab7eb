// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>What the host says when a getter cannot be had.</summary>
internal static class GetterErrors
{
    public static ArgumentOutOfRangeException ExceptInactive(this IExceptionContext context) =>
        context.ExceptParam("column", "requested column not active");

    public static InvalidOperationException ExceptWrongType<TValue>(
        this IExceptionContext context, DataViewType expected, string where = "Invalid TValue") =>
        context.Except($"{where}: '{typeof(TValue)}', expected type: '{expected.RawType}'.");

    /// <summary>A getter as what the caller wants it, or an exception.</summary>
    public static ValueGetter<TValue> As<TValue>(
        this Delegate getter, IExceptionContext context, DataViewType type, string where = "Invalid TValue") =>
        getter as ValueGetter<TValue> ?? throw context.ExceptWrongType<TValue>(type, where);
}
