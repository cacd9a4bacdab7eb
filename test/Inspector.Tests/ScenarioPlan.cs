// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Text.Json;
using System.Text.Json.Nodes;
using ExampleData;

namespace MemoryServe;

/// <summary>What the scenarios have to know, as a file for them.</summary>
internal static class ScenarioPlan
{
    /// <summary>Writes the plan.</summary>
    public static void Write(string path, Uri server, string screenshots, PlantedMemory memory)
    {
        var plan = new JsonObject
        {
            ["url"] = server.GetLeftPart(UriPartial.Authority),
            ["key"] = ServerUnderTest.Key,
            ["screenshots"] = screenshots,
            ["entryCount"] = memory.Count,
            ["mislabelled"] = new JsonArray([.. PlantedMemory.Mislabelled.Select(id => new JsonObject
            {
                ["id"] = id,
                ["label"] = memory.LabelOf(id),
                ["truth"] = ImageCatalog.Mnist.ClassNames[PlantedMemory.TruthOf(id)],
            })]),
            ["twins"] = new JsonArray([.. PlantedMemory.Twins.Select(pair => new JsonArray(pair.First, pair.Second))]),
            ["unseen"] = new JsonArray([.. Enumerable.Range(0, memory.Unseen.Count).Select(id => new JsonObject
            {
                ["label"] = memory.Unseen.LabelOf(id),
                ["pixels"] = new JsonArray(
                    [.. memory.Unseen.PixelsOf(id).ToArray().Select(pixel => JsonValue.Create((int)pixel))]),
            })]),
        };
        File.WriteAllText(path, plan.ToJsonString(JsonSerializerOptions.Default));
    }
}
