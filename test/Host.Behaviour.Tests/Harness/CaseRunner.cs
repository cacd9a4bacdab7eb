// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Reflection;
using System.Text.Json.Nodes;

namespace Host.Behaviour.Tests.Harness;

/// <summary>Runs one case against the host in use and compares the outcome with the recorded one.</summary>
internal static class CaseRunner
{
    public static void Check<TCases>(string area, string id)
        where TCases : new()
    {
        JsonObject recorded = CaseFile.Load(area)[id];
        MethodInfo method = typeof(TCases).GetMethods()
            .Single(m => m.GetCustomAttribute<CaseAttribute>()?.Id == id);

        JsonObject outcome = Run(new TCases(), method);

        string difference = Comparer.Difference(Expected(recorded), outcome);
        Assert.IsNull(difference, $"{area}: {id}\n{difference}\ncalls: {recorded["calls"]}");
    }

    private static JsonObject Run(object cases, MethodInfo method)
    {
        try
        {
            object value = method.Invoke(cases, BindingFlags.DoNotWrapExceptions, null, [], null);
            return new JsonObject { ["output"] = Serializer.Write(value) };
        }
        catch (Exception e)
        {
            return new JsonObject { ["exception"] = ExceptionText.Of(e) };
        }
    }

    private static JsonObject Expected(JsonObject recorded) => recorded["exception"] is { } exception
        ? new JsonObject { ["exception"] = exception.DeepClone() }
        : new JsonObject { ["output"] = recorded["output"]?.DeepClone() };
}
