// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Text.Json.Nodes;

namespace MemoryServe;

[TestClass]
public sealed class EntryChangeTests
{
    private const string Key = ServerUnderTest.Key;
    private const string NotStored = "The entry must be stored. It is not.";

    [TestMethod]
    public async Task Relabelled_entry_votes_for_its_new_class_until_it_is_relabelled_back()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(path => TestModels.SaveVisual(path));
        string before = await ScoresAsync(server);

        Answer changed = await RelabelAsync(server, 7, "oak");
        JsonNode entry = (await server.GetAsync("/v1/inspect/entries/7", Key)).Json;
        string between = await ScoresAsync(server);
        Answer back = await RelabelAsync(server, 7, "birch");
        JsonNode memory = (await server.GetAsync("/v1/inspect", Key)).Json;

        Assert.AreEqual("""{"id":7,"entryCount":60}""", changed.Text);
        Assert.AreEqual("oak", (string?)entry["label"]);
        Assert.AreNotEqual(before, between);
        Assert.AreEqual(changed.Text, back.Text);
        Assert.AreEqual(before, await ScoresAsync(server));
        Assert.AreEqual(2, (long)memory["sequence"]!);
        Assert.AreEqual("""{"name":"oak","count":0}""", memory["classes"]![3]!.ToJsonString());
    }

    [TestMethod]
    public async Task Removed_entry_that_is_put_back_leaves_everything_as_it_was()
    {
        VectorRow[] rows = VectorModels.Rows(40, 6, 1000);
        foreach (VectorRow row in rows) row.Features[0] /= 7;
        rows[7].Weight = 0.3f;
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(
            path => VectorModels.Save(path, rows, hasWeights: true));
        var query = new JsonObject { ["Features"] = new JsonArray(1, 500, 300, 200, 900, 20) };
        string before = (await server.PostAsync("/v1/explain?top=40", query)).Text;
        JsonObject entry = (await server.GetAsync("/v1/inspect/entries/7", Key)).Json.AsObject();
        string stored = entry.ToJsonString();
        entry.Remove("id");
        entry.Remove("explanation");

        await server.SendAsync(HttpMethod.Delete, "/v1/examples/7", key: Key);
        Answer gone = await server.GetAsync("/v1/inspect/entries/7", Key);
        Answer restored = await server.SendAsync(HttpMethod.Put, "/v1/examples/7", entry, Key);
        Answer again = await server.SendAsync(HttpMethod.Put, "/v1/examples/7", entry.DeepClone(), Key);

        gone.AssertProblem(404, "Not Found", NotStored);
        Assert.AreEqual("""{"id":7,"entryCount":40}""", restored.Text);
        again.AssertProblem(409, "Conflict", "Id 7 must be free. It is taken.");
        Assert.AreEqual(stored, (await server.GetAsync("/v1/inspect/entries/7", Key)).Text);
        Assert.AreEqual(before, (await server.PostAsync("/v1/explain?top=40", query.DeepClone())).Text);
    }

    [TestMethod]
    public async Task Entry_of_a_memory_that_numbers_itself_can_be_put_back()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(
            path => TestModels.SaveVisual(path, numbersItself: true));
        JsonObject entry = EntryOf((await server.GetAsync("/v1/inspect/entries/59", Key)).Json);

        await server.SendAsync(HttpMethod.Delete, "/v1/examples/59", key: Key);
        Answer restored = await server.SendAsync(HttpMethod.Put, "/v1/examples/59", entry, Key);
        Answer next = await server.PostAsync(
            "/v1/examples", TestModels.Json(TestModels.Rows(1, seed: 9), areExamples: true), Key);

        Assert.AreEqual("""{"id":59,"entryCount":60}""", restored.Text);
        Assert.AreEqual("""{"ids":[60],"entryCount":61}""", next.Text);
    }

    [TestMethod]
    public async Task Changes_survive_a_restart()
    {
        string folder = Directory.CreateTempSubdirectory("memory-serve-").FullName;
        string[] before;
        await using (ServerUnderTest server = await ServerUnderTest.StartAsync(
            path => TestModels.SaveVisual(path), folder))
        {
            JsonObject entry = EntryOf((await server.GetAsync("/v1/inspect/entries/9", Key)).Json);
            await RelabelAsync(server, 7, "oak");
            await server.SendAsync(HttpMethod.Delete, "/v1/examples/9", key: Key);
            await server.SendAsync(HttpMethod.Put, "/v1/examples/9", entry, Key);
            before = [await ScoresAsync(server), (await server.GetAsync("/v1/inspect/entries", Key)).Text];
        }

        await using (ServerUnderTest server = await ServerUnderTest.StartAsync(null, folder))
        {
            string[] after = [await ScoresAsync(server), (await server.GetAsync("/v1/inspect/entries", Key)).Text];

            CollectionAssert.AreEqual(before, after);
            StringAssert.StartsWith(after[1], """{"sequence":3,"classes":["ash","birch","cedar","oak"],""");
        }

        Directory.Delete(folder, recursive: true);
    }

    [TestMethod]
    [DataRow("{}", "The body must be an object with the text \"label\" and nothing else.")]
    [DataRow("[]", "The body must be an object with the text \"label\" and nothing else.")]
    [DataRow("{\"label\":3}", "The body must be an object with the text \"label\" and nothing else.")]
    [DataRow("{\"label\":null}", "The body must be an object with the text \"label\" and nothing else.")]
    [DataRow("{\"label\":\"a\",\"id\":1}", "The body must be an object with the text \"label\" and nothing else.")]
    [DataRow("{\"label\":\"\"}", "The label must be the name of a class. It is empty.")]
    public async Task Label_that_is_none_is_refused(string body, string detail)
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(path => TestModels.SaveVisual(path));

        Answer answer = await server.SendAsync(
            HttpMethod.Put, "/v1/examples/7/label", JsonNode.Parse(body), Key);

        answer.AssertProblem(400, "Bad Request", detail);
    }

    [TestMethod]
    [DataRow("60")]
    [DataRow("seven")]
    [DataRow("..%2f1")]
    public async Task Entry_that_is_not_stored_cannot_be_relabelled(string id)
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(path => TestModels.SaveVisual(path));

        Answer answer = await server.SendAsync(
            HttpMethod.Put, $"/v1/examples/{id}/label", new JsonObject { ["label"] = "oak" }, Key);

        answer.AssertProblem(404, "Not Found", NotStored);
    }

    [TestMethod]
    [DataRow("""{"label":"a"}""", null)]
    [DataRow("""{"label":"a","features":[1,2,3,4,5,6,7,"8"]}""", null)]
    [DataRow("""{"label":"a","features":[1,2,3,4,5,6,7,8],"more":1}""", null)]
    [DataRow("""{"label":"","features":[1,2,3,4,5,6,7,8]}""", "The label must be the name of a class. It is empty.")]
    [DataRow("""{"label":"a","features":[1,2,3,4,5,6,7]}""", "The features must be 8 finite numbers. They are not.")]
    [DataRow("""{"label":"a","features":[]}""", "The features must be 8 finite numbers. They are not.")]
    [DataRow(
        """{"label":"a","features":[1,2,3,4,5,6,7,1e99]}""", "The features must be 8 finite numbers. They are not.")]
    [DataRow(
        """{"label":"a","features":[1,2,3,4,5,6,7,8],"weight":-1}""",
        "The weight must be a finite number of at least 0. It is not.")]
    [DataRow(
        """{"label":"a","features":[1,2,3,4,5,6,7,8],"weight":1e99}""",
        "The weight must be a finite number of at least 0. It is not.")]
    public async Task Entry_that_cannot_have_been_stored_is_not_put_back(string body, string? detail)
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(path => TestModels.SaveVisual(path));

        Answer answer = await server.SendAsync(HttpMethod.Put, "/v1/examples/70", JsonNode.Parse(body), Key);

        answer.AssertProblem(
            400,
            "Bad Request",
            detail ?? "The body must be an object with the text \"label\", the array \"features\", the number "
                + "\"weight\" where it is not 1, and nothing else.");
        Assert.AreEqual(60, (int)(await server.GetAsync("/v1/model")).Json["entryCount"]!);
    }

    [TestMethod]
    public async Task Entry_with_an_id_that_is_no_number_is_not_put_back()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(path => TestModels.SaveVisual(path));

        Answer answer = await server.SendAsync(
            HttpMethod.Put, "/v1/examples/seven", new JsonObject { ["label"] = "ash" }, Key);

        answer.AssertProblem(404, "Not Found", NotStored);
    }

    [TestMethod]
    public async Task Memory_of_codes_keeps_labels_and_memory_that_adapts_keeps_ids()
    {
        await using ServerUnderTest codes = await ServerUnderTest.StartAsync(TestModels.SaveCompressed);
        await using ServerUnderTest adaptive = await ServerUnderTest.StartAsync(TestModels.SaveAdaptive);
        var entry = new JsonObject { ["label"] = "ash", ["features"] = new JsonArray(1, 2, 3, 4, 5, 6, 7, 8) };

        Answer relabelled = await RelabelAsync(codes, 7, "ash");
        Answer restored = await adaptive.SendAsync(HttpMethod.Put, "/v1/examples/700", entry, Key);

        relabelled.AssertProblem(
            409, "Conflict", "The model must keep vectors to give entries other labels. It keeps codes.");
        restored.AssertProblem(
            409, "Conflict", "The model must let entries have given ids to put one back. It numbers them itself.");
    }

    [TestMethod]
    public async Task Changes_are_counted_by_kind()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(path => TestModels.SaveVisual(path));
        JsonObject entry = EntryOf((await server.GetAsync("/v1/inspect/entries/9", Key)).Json);

        await RelabelAsync(server, 7, "oak");
        await RelabelAsync(server, 70, "oak");
        await server.SendAsync(HttpMethod.Put, "/v1/examples/70", entry, Key);
        Metrics metrics = await Metrics.ReadAsync(server);

        Assert.AreEqual(1, metrics["memory_serve_changes_total{kind=\"relabel\"}"]);
        Assert.AreEqual(1, metrics["memory_serve_changes_total{kind=\"restore\"}"]);
    }

    private static Task<Answer> RelabelAsync(ServerUnderTest server, int id, string label) => server.SendAsync(
        HttpMethod.Put, $"/v1/examples/{id}/label", new JsonObject { ["label"] = label }, Key);

    internal static JsonObject EntryOf(JsonNode answer) => new()
    {
        ["label"] = answer["label"]!.DeepClone(),
        ["weight"] = answer["weight"]!.DeepClone(),
        ["features"] = answer["features"]!.DeepClone(),
    };

    /// <summary>Gives the scores of rows between the classes, by the names of the classes.</summary>
    private static async Task<string> ScoresAsync(ServerUnderTest server)
    {
        JsonNode answer = (await server.PostAsync(
            "/v1/predict/batch", TestModels.Json(TestModels.MixedRows(30, seed: 3)))).Json;
        return string.Join('\n', answer["predictions"]!.AsArray().Select(each => string.Join(' ', each!["scores"]!
            .AsArray().Where(score => (float)score!["score"]! > 0).Select(score => score!.ToJsonString()))));
    }
}
