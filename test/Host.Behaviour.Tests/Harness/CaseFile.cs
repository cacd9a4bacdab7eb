// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Reflection;
using System.Text.Json.Nodes;

namespace Host.Behaviour.Tests.Harness;

/// <summary>The recorded cases of one area, read from the embedded file of that name.</summary>
public static class CaseFile
{
    /// <summary>The ids of an area's cases, as rows of test data.</summary>
    public static IEnumerable<object[]> Ids(string area) => Load(area).Select(c => new object[] { area, c.Key });

    /// <summary>The name of one case in the test report.</summary>
    public static string Name(MethodInfo method, object[] data) => $"{data[0]}: {data[1]}";

    internal static Dictionary<string, JsonObject> Load(string area)
    {
        using Stream stream = typeof(CaseFile).Assembly.GetManifestResourceStream($"Cases.{area}.json");
        return JsonNode.Parse(stream).AsArray().Select(n => n.AsObject()).ToDictionary(c => c["id"].GetValue<string>());
    }
}
