// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Host.Behaviour.Tests.Harness;

/// <summary>Compares what came out with what was recorded; answers the first difference, or null.</summary>
internal static class Comparer
{
    // Sums of doubles may be taken in another order; a Single that differs at all differs by more than this.
    private const double RelativeTolerance = 1e-12;

    public static string Difference(JsonNode expected, JsonNode actual, string path = "$")
    {
        if (expected is null || actual is null)
            return expected is null && actual is null ? null : Report(path, expected, actual);
        return expected.GetValueKind() switch
        {
            JsonValueKind.Object when actual is JsonObject a => OfObjects((JsonObject)expected, a, path),
            JsonValueKind.Array when actual is JsonArray a => OfArrays((JsonArray)expected, a, path),
            JsonValueKind.Number when actual.GetValueKind() == JsonValueKind.Number =>
                SameNumber(expected, actual) ? null : Report(path, expected, actual),
            _ => JsonNode.DeepEquals(expected, actual) ? null : Report(path, expected, actual),
        };
    }

    private static string OfObjects(JsonObject expected, JsonObject actual, string path)
    {
        string[] names = [.. expected.Select(p => p.Key)];
        if (!names.SequenceEqual(actual.Select(p => p.Key)) && !names.ToHashSet().SetEquals(actual.Select(p => p.Key)))
            return Report(path, expected, actual);
        return names.Select(n => Difference(expected[n], actual[n], path + "." + n)).FirstOrDefault(d => d != null);
    }

    private static string OfArrays(JsonArray expected, JsonArray actual, string path)
    {
        if (expected.Count != actual.Count)
            return Report(path, expected, actual);
        return Enumerable.Range(0, expected.Count)
            .Select(i => Difference(expected[i], actual[i], $"{path}[{i}]"))
            .FirstOrDefault(d => d != null);
    }

    private static bool SameNumber(JsonNode expected, JsonNode actual)
    {
        double e = double.Parse(expected.ToJsonString(), CultureInfo.InvariantCulture);
        double a = double.Parse(actual.ToJsonString(), CultureInfo.InvariantCulture);
        return e == a || Math.Abs(e - a) <= RelativeTolerance * Math.Max(Math.Abs(e), Math.Abs(a));
    }

    private static string Report(string path, JsonNode expected, JsonNode actual) =>
        $"{path}: recorded {Text(expected)}, got {Text(actual)}";

    private static string Text(JsonNode node) => node?.ToJsonString() ?? "null";
}
