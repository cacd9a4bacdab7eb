// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using System.Text.Json.Nodes;

namespace MemoryServe;

/// <summary>Entries with ids and pictures that nobody wishes for.</summary>
[TestClass]
public sealed class HostileEntryTests
{
    private const string Key = ServerUnderTest.Key;
    private const long LargestId = (long.MaxValue / 2) - 1;

    [TestMethod]
    [DataRow(long.MaxValue, 409, 200)]
    [DataRow(long.MaxValue - 1, 409, 200)]
    [DataRow(LargestId + 1, 409, 200)]
    [DataRow(LargestId, 200, 409)]
    [DataRow(LargestId - 1, 200, 200)]
    [DataRow(long.MinValue, 200, 200)]
    [DataRow(-1, 200, 200)]
    [DataRow((1L << 53) + 1, 200, 200)]
    public async Task Entry_put_back_under_any_id_leaves_a_memory_that_can_be_saved(long id, int status, int addStatus)
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(
            path => TestModels.SaveVisual(path, numbersItself: true));
        var body = new JsonObject { ["label"] = "ash", ["features"] = new JsonArray(1, 2, 3, 4, 5, 6, 7, 8) };
        string number = id.ToString(CultureInfo.InvariantCulture);

        Answer restored = await server.SendAsync(HttpMethod.Put, $"/v1/examples/{number}", body, Key);
        Answer added = await server.PostAsync(
            "/v1/examples", TestModels.Json(TestModels.Rows(1, seed: 9), areExamples: true), Key);
        Answer snapshot = await server.PostAsync("/v1/snapshot", new JsonObject(), Key);
        JsonNode entries = (await server.GetAsync("/v1/inspect/entries", Key)).Json;
        Answer shown = await server.GetAsync($"/v1/inspect/entries/{number}", Key);

        Assert.AreEqual((status, addStatus), (restored.Status, added.Status), restored.Text + added.Text);
        Assert.AreEqual(200, snapshot.Status, snapshot.Text);
        Assert.AreEqual(status == 200, entries["ids"]!.AsArray().Any(each => (long)each! == id));
        Assert.AreEqual(status == 200 ? 200 : 404, shown.Status);
        if (addStatus == 409)
            added.AssertProblem(409, "Conflict", "The memory must have ids left for the change. It has none.");
    }

    [TestMethod]
    public async Task Picture_that_cannot_be_read_is_a_conflict()
    {
        string folder = Directory.CreateTempSubdirectory("memory-serve-").FullName;
        Directory.CreateDirectory(Path.Combine(folder, "1.png"));
        File.CreateSymbolicLink(Path.Combine(folder, "2.png"), Path.Combine(folder, "nowhere.png"));
        File.CreateSymbolicLink(Path.Combine(folder, "3.png"), Path.Combine(folder, "3.png"));
        File.CreateSymbolicLink(Path.Combine(folder, "4.png"), Path.Combine(folder, "words.txt"));
        await File.WriteAllTextAsync(Path.Combine(folder, "words.txt"), "root:x:0:0");
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(
            path => TestModels.SaveVisual(path), null, ("PictureFolder", folder));

        foreach (int id in (int[])[2, 3, 4])
        {
            Answer answer = await server.GetAsync($"/v1/inspect/entries/{id}/picture", Key);

            answer.AssertProblem(
                409,
                "Conflict",
                "The entry's picture must be a readable PNG or JPEG file of at most 16777216 bytes. It is not.");
        }

        using HttpRequestMessage request = new(HttpMethod.Get, "/v1/inspect/entries/1/picture");
        request.Headers.Authorization = new("Bearer", Key);
        using HttpResponseMessage drawn = await server.Client.SendAsync(request);
        Directory.Delete(folder, recursive: true);

        Assert.AreEqual("image/png", drawn.Content.Headers.ContentType?.ToString());
    }
}
