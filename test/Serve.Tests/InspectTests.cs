// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Text.Json.Nodes;

namespace MemoryServe;

[TestClass]
public sealed class InspectTests
{
    private const string Key = ServerUnderTest.Key;
    private const string NoMemory
        = "The model must hold one visual or adaptive memory to be inspected. It does not.";

    [TestMethod]
    public async Task Memory_is_described_as_it_is()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(path => TestModels.SaveVisual(path));
        await server.SendAsync(HttpMethod.Delete, "/v1/examples/1", key: Key);

        JsonObject memory = (await server.GetAsync("/v1/inspect", Key)).Json.AsObject();
        string version = (string)memory["version"]!;
        memory.Remove("version");

        Assert.AreEqual(64, version.Length);
        Assert.AreEqual(
            """{"sequence":1,"kind":"visual memory","isWritable":true,"entryCount":59,"dimension":8,"""
            + "\"metric\":\"cosine\",\"classes\":"
            + """[{"name":"ash","count":20},{"name":"birch","count":19},"""
            + """{"name":"cedar","count":20}],"input":"row","inputColumn":null,"picture":null,"exampleColumns":"""
            + """{"label":"Label","id":"Id","weight":null}}""",
            memory.ToJsonString());
    }

    [TestMethod]
    [DataRow(64, 256, """{"width":8,"height":8,"channels":1,"low":0,"high":255}""")]
    [DataRow(64, 2, """{"width":8,"height":8,"channels":1,"low":0,"high":1}""")]
    [DataRow(192, 256, """{"width":8,"height":8,"channels":3,"low":0,"high":255}""")]
    [DataRow(192, 2, """{"width":8,"height":8,"channels":3,"low":0,"high":1}""")]
    [DataRow(49, 256, null)]
    [DataRow(65, 256, null)]
    public async Task Vectors_are_pixels_where_their_size_says_so(int dimension, int limit, string? picture)
    {
        await using ServerUnderTest server = await StartAsync(VectorModels.Rows(20, dimension, limit));

        JsonNode memory = (await server.GetAsync("/v1/inspect", Key)).Json;

        Assert.AreEqual(picture, memory["picture"]?.ToJsonString());
        Assert.AreEqual(picture is null ? "row" : "pixels", (string?)memory["input"]);
        Assert.AreEqual(picture is null ? null : "Features", (string?)memory["inputColumn"]);
    }

    [TestMethod]
    public async Task Vectors_with_negative_values_are_no_pixels_unless_the_operator_says_so()
    {
        VectorRow[] rows = VectorModels.Rows(20, 64, 256);
        rows[3].Features[5] = -10;
        rows[4].Features[5] = 300;
        await using ServerUnderTest plain = await StartAsync(rows);
        await using ServerUnderTest told = await StartAsync(rows, ("PictureShape", "16x4"));

        JsonNode embedding = (await plain.GetAsync("/v1/inspect", Key)).Json;
        JsonNode picture = (await told.GetAsync("/v1/inspect", Key)).Json;

        Assert.AreEqual("row", (string?)embedding["input"]);
        Assert.IsNull(embedding["picture"]);
        Assert.IsTrue(plain.Get<ModelHost>().Current!.Inspection.IsWithoutShape);
        Assert.AreEqual("pixels", (string?)picture["input"]);
        Assert.AreEqual(
            """{"width":16,"height":4,"channels":1,"low":-10,"high":300}""", picture["picture"]!.ToJsonString());
    }

    [TestMethod]
    public async Task Vectors_are_no_pixels_where_the_operator_says_so()
    {
        await using ServerUnderTest server = await StartAsync(
            VectorModels.Rows(20, 64, 256), ("PictureShape", "none"));

        JsonNode memory = (await server.GetAsync("/v1/inspect", Key)).Json;

        Assert.IsNull(memory["picture"]);
        Assert.AreEqual("row", (string?)memory["input"]);
    }

    [TestMethod]
    public async Task Shape_that_does_not_fit_the_memory_is_a_conflict()
    {
        await using ServerUnderTest server = await StartAsync(
            VectorModels.Rows(20, 64, 256), ("PictureShape", "8x8x3"));

        Answer answer = await server.GetAsync("/v1/inspect", Key);

        answer.AssertProblem(
            409,
            "Conflict",
            "Serve:PictureShape must have as many values as an entry, which has 64. Got 8x8x3.");
    }

    [TestMethod]
    [DataRow("8")]
    [DataRow("8x")]
    [DataRow("0x8")]
    [DataRow("8x8x2")]
    [DataRow("-8x-8")]
    [DataRow("8x8x3x1")]
    [DataRow("5000x1")]
    [DataRow("99999999999x8")]
    public void Shape_that_is_none_is_named(string shape)
    {
        var options = new ServeOptions { Model = "model.zip", PictureShape = shape, PictureFolder = "no such folder" };

        CollectionAssert.AreEqual(
            new[]
            {
                "Serve:PictureShape must be width x height such as 28x28, with three channels such as 32x32x3, "
                + $"or none. Got {shape}.",
                "Serve:PictureFolder must be a folder that is there. Got no such folder.",
            },
            options.Violations().ToArray());
    }

    [TestMethod]
    public async Task Entries_are_listed_in_columns()
    {
        VectorRow[] rows = VectorModels.Rows(4, 3, 9);
        rows[2].Id = -5;
        rows[3].Weight = 0.25f;
        await using ServerUnderTest weighed = await ServerUnderTest.StartAsync(
            path => VectorModels.Save(path, rows, hasWeights: true));
        await using ServerUnderTest same = await ServerUnderTest.StartAsync(path => VectorModels.Save(path, rows));

        Answer first = await weighed.GetAsync("/v1/inspect/entries", Key);
        Answer second = await same.GetAsync("/v1/inspect/entries", Key);

        const string Columns = """{"sequence":0,"classes":["class 0","class 1","class 2"],"ids":[0,1,-5,3],"labels":"""
            + """[0,1,2,0],"weights":""";
        Assert.AreEqual(Columns + "[1,1,1,0.25]}", first.Text);
        Assert.AreEqual(Columns + "null}", second.Text);
        Assert.AreEqual("application/json; charset=utf-8", first.ContentType);
    }

    [TestMethod]
    public async Task Many_entries_are_sent_while_they_are_written()
    {
        const int Count = 100_000;
        await using ServerUnderTest server = await StartAsync(VectorModels.Rows(Count, 2, 1000));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/inspect/entries");
        request.Headers.Authorization = new("Bearer", Key);

        using HttpResponseMessage response = await server.Client.SendAsync(
            request, HttpCompletionOption.ResponseHeadersRead);
        long? length = response.Content.Headers.ContentLength;
        JsonNode entries = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;

        Assert.IsNull(length);
        Assert.IsTrue(response.Headers.TransferEncodingChunked);
        CollectionAssert.AreEqual(
            Enumerable.Range(0, Count).Select(id => (long)id).ToArray(),
            entries["ids"]!.AsArray().GetValues<long>().ToArray());
        CollectionAssert.AreEqual(
            Enumerable.Range(0, Count).Select(id => id % 3).ToArray(),
            entries["labels"]!.AsArray().GetValues<int>().ToArray());
    }

    [TestMethod]
    public async Task Entry_is_shown_as_it_is_stored_and_explained_by_the_others()
    {
        VectorRow[] rows = VectorModels.Rows(30, 4, 100);
        rows[7].Weight = 0.5f;
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(
            path => VectorModels.Save(path, rows, hasWeights: true));

        JsonNode entry = (await server.GetAsync("/v1/inspect/entries/7?top=3", Key)).Json;
        await server.SendAsync(HttpMethod.Delete, "/v1/examples/7", key: Key);
        Answer others = await server.PostAsync(
            "/v1/explain?top=3", new JsonObject { ["Features"] = entry["features"]!.DeepClone() });

        Assert.AreEqual(7, (long)entry["id"]!);
        Assert.AreEqual("class 1", (string?)entry["label"]);
        Assert.AreEqual(0.5f, (float)entry["weight"]!);
        CollectionAssert.AreEqual(rows[7].Features, entry["features"]!.AsArray().GetValues<float>().ToArray());
        Assert.AreEqual(others.Text, entry["explanation"]!.ToJsonString());
        Assert.HasCount(3, entry["explanation"]!["neighbors"]!.AsArray());
    }

    [TestMethod]
    [DataRow("60")]
    [DataRow("seven")]
    [DataRow("1e1")]
    [DataRow(" 1")]
    [DataRow("1.0")]
    [DataRow("9223372036854775808")]
    [DataRow("..%2f..%2fmodel.zip")]
    [DataRow("1%2f..%2f2")]
    [DataRow("%F0%9D%9F%8F")]
    public async Task Entry_that_is_not_stored_is_not_found(string id)
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(path => TestModels.SaveVisual(path));

        Answer entry = await server.GetAsync($"/v1/inspect/entries/{id}", Key);
        Answer picture = await server.GetAsync($"/v1/inspect/entries/{id}/picture", Key);

        entry.AssertProblem(404, "Not Found", "The entry must be stored. It is not.");
        picture.AssertProblem(404, "Not Found", "The entry must be stored. It is not.");
    }

    [TestMethod]
    public async Task Adaptive_memory_is_shown_without_explanations()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(TestModels.SaveAdaptive);

        JsonNode memory = (await server.GetAsync("/v1/inspect", Key)).Json;
        JsonNode entries = (await server.GetAsync("/v1/inspect/entries", Key)).Json;
        long id = (long)entries["ids"]![0]!;
        JsonNode entry = (await server.GetAsync($"/v1/inspect/entries/{id}", Key)).Json;

        Assert.AreEqual("adaptive memory", (string?)memory["kind"]);
        Assert.HasCount(60, entries["ids"]!.AsArray());
        Assert.HasCount(8, entry["features"]!.AsArray());
        Assert.IsTrue(entry.AsObject().ContainsKey("explanation"));
        Assert.IsNull(entry["explanation"]);
    }

    [TestMethod]
    [DataRow("GET", "/v1/inspect")]
    [DataRow("GET", "/v1/inspect/entries")]
    [DataRow("GET", "/v1/inspect/entries/1")]
    [DataRow("GET", "/v1/inspect/entries/1/picture")]
    [DataRow("GET", "/v1/inspect/analysis")]
    [DataRow("POST", "/v1/inspect/analysis")]
    [DataRow("DELETE", "/v1/inspect/analysis")]
    [DataRow("GET", "/v1/inspect/analysis/result")]
    public async Task Model_without_vectors_cannot_be_inspected(string method, string path)
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(TestModels.SaveCompressed);
        Answer compressed = await server.SendAsync(new HttpMethod(method), path, key: Key);
        var model = new ServedModel(new BrokenTransformer(), BrokenTransformer.InputSchema);
        server.Get<ModelHost>().Exchange(new Deployment("other", new ReadOnlyStore(model), default));
        Answer other = await server.SendAsync(new HttpMethod(method), path, key: Key);

        compressed.AssertProblem(409, "Conflict", NoMemory);
        other.AssertProblem(409, "Conflict", NoMemory);
    }

    private static Task<ServerUnderTest> StartAsync(
        VectorRow[] rows, params (string Name, string Value)[] settings)
        => ServerUnderTest.StartAsync(path => VectorModels.Save(path, rows), null, settings);
}
