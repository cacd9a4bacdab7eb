// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Text.Json.Nodes;

namespace Host.Behaviour.Tests.Harness;

/// <summary>Exceptions as recorded: type, message, parameter name and inner exception.</summary>
internal static class ExceptionText
{
    public static JsonObject Of(Exception exception)
    {
        var result = new JsonObject
        {
            ["type"] = TypeText.Of(exception.GetType()),
            ["message"] = TempFolder.Hide(exception.Message),
        };
        if (exception is ArgumentException { ParamName: { } name })
            result["paramName"] = name;
        if (exception.InnerException is { } inner)
            result["inner"] = Of(inner);
        return result;
    }
}
