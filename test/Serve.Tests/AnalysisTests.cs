// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;

namespace MemoryServe;

[TestClass]
public sealed class AnalysisTests
{
    private const string Key = ServerUnderTest.Key;
    private const string Path = "/v1/inspect/analysis";
    private const string NotReady = "The analysis must be ready. It is not. Start it and wait for it.";

    [TestMethod]
    public async Task Analysis_finds_the_entry_with_a_wrong_label()
    {
        VectorRow[] rows = Clusters();
        rows[30].Label = "class 1";
        rows[33] = new VectorRow { Id = 33, Label = "class 0", Features = [.. rows[36].Features] };
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(
            path => VectorModels.Save(path, rows));

        Answer started = await SendAsync(server, HttpMethod.Post);
        JsonNode ready = await WaitAsync(server, "ready");
        JsonNode result = (await server.GetAsync(Path + "/result", Key)).Json;

        Assert.AreEqual(202, started.Status, started.Text);
        Assert.AreEqual("""["working",60]""", Pick(started.Json, "state", "entryCount"));
        Assert.AreEqual("""[1,"done",null,0]""", Pick(ready, "progress", "stage", "failure", "sequence"));
        Assert.AreEqual(
            """[0,15,["class 0","class 1","class 2"]]""", Pick(result, "sequence", "neighborCount", "classes"));
        CollectionAssert.AreEqual(
            Enumerable.Range(0, 60).Where(id => id != 30).ToArray(), RightOf(result));
        Assert.AreEqual(0, (int)result["predicted"]![30]!);
        Assert.AreEqual(0, (float)result["ownScore"]![30]!);
        Assert.AreEqual(1, (float)result["confidence"]![30]!);
        Assert.IsGreaterThan(10, (int)result["wrong"]![30]!);
        Assert.AreEqual(0, (int)result["correct"]![30]!);
        Assert.AreEqual("[36,0]", new JsonArray(
            result["twin"]![33]!.DeepClone(), result["twinDistance"]![33]!.DeepClone()).ToJsonString());
        Assert.IsNull(result["twin"]![30]);
        Assert.IsNull(result["twinDistance"]![30]);
    }

    [TestMethod]
    public async Task Result_has_every_column_for_every_entry()
    {
        await using ServerUnderTest server = await StartAsync();

        await SendAsync(server, HttpMethod.Post);
        await WaitAsync(server, "ready");
        Answer answer = await server.GetAsync(Path + "/result", Key);
        JsonNode trend = (await server.GetAsync("/v1/inspect/trend", Key)).Json;

        Assert.AreEqual("application/json; charset=utf-8", answer.ContentType);
        JsonNode result = answer.Json;
        JsonNode?[] columns =
        [
            .. ((string[])["ids", "labels", "predicted", "confidence", "ownScore", "wrong", "correct", "twin",
                "twinDistance"]).Select(name => result[name]),
            result["principal"]!["x"], result["principal"]!["y"], result["map"]!["x"], result["map"]!["y"],
        ];
        foreach (JsonNode? column in columns) Assert.HasCount(60, column!.AsArray());
        Assert.HasCount(2, result["principal"]!["variance"]!.AsArray());
        Assert.HasCount(15, result["calibration"]!["bins"]!.AsArray());
        Assert.AreEqual(60, result["calibration"]!["bins"]!.AsArray().Sum(bin => (int)bin!["count"]!));
        Assert.AreEqual(1, (double)result["calibration"]!["accuracy"]!);
        Assert.AreEqual(
            result["confidence"]!.AsArray().Average(each => (double)(float)each!),
            (double)trend["reference"]!["confidence"]!,
            1e-9);
    }

    [TestMethod]
    public async Task Memory_without_analysis_has_none()
    {
        await using ServerUnderTest server = await StartAsync();
        await server.SendAsync(HttpMethod.Delete, "/v1/examples/1", key: Key);

        Answer none = await server.GetAsync(Path, Key);
        Answer stopped = await SendAsync(server, HttpMethod.Delete);
        Answer result = await server.GetAsync(Path + "/result", Key);

        Assert.AreEqual(
            """{"state":"none","progress":0,"stage":null,"failure":null,"sequence":1,"entryCount":59,"seconds":0}""",
            none.Text);
        Assert.AreEqual(none.Text, stopped.Text);
        result.AssertProblem(409, "Conflict", NotReady);
    }

    [TestMethod]
    public async Task Analysis_is_of_the_memory_as_it_was_when_it_began()
    {
        var work = new GatedWork();
        await using ServerUnderTest server = await StartAsync(work);
        await SendAsync(server, HttpMethod.Post);

        await server.SendAsync(HttpMethod.Delete, "/v1/examples/1", key: Key);
        work.Open();
        JsonNode ready = await WaitAsync(server, "ready");
        JsonNode result = (await server.GetAsync(Path + "/result", Key)).Json;
        JsonNode entries = (await server.GetAsync("/v1/inspect/entries", Key)).Json;

        Assert.AreEqual("[0,60]", Pick(ready, "sequence", "entryCount"));
        Assert.AreEqual(0, (long)result["sequence"]!);
        Assert.HasCount(60, result["ids"]!.AsArray());
        Assert.AreEqual(1, (long)entries["sequence"]!);
        Assert.HasCount(59, entries["ids"]!.AsArray());
    }

    [TestMethod]
    public async Task Second_start_leaves_the_analysis_that_is_at_work()
    {
        var work = new GatedWork();
        await using ServerUnderTest server = await StartAsync(work);

        await SendAsync(server, HttpMethod.Post);
        await LimitTests.WaitForAsync(async () => (double)(await server.GetAsync(Path, Key)).Json["progress"]! > 0);
        Answer second = await SendAsync(server, HttpMethod.Post);
        Answer early = await server.GetAsync(Path + "/result", Key);
        work.Open();
        await WaitAsync(server, "ready");

        Assert.AreEqual(202, second.Status);
        Assert.AreEqual("""["working",0.5,"half"]""", Pick(second.Json, "state", "progress", "stage"));
        early.AssertProblem(409, "Conflict", NotReady);
        Assert.AreEqual(1, work.StartCount);
    }

    [TestMethod]
    public async Task Stopped_analysis_makes_room_for_another()
    {
        var work = new GatedWork();
        await using ServerUnderTest server = await StartAsync(work);
        await SendAsync(server, HttpMethod.Post);
        await LimitTests.WaitForAsync(() => Task.FromResult(work.StartCount == 1));

        Answer stopped = await SendAsync(server, HttpMethod.Delete);
        await LimitTests.WaitForAsync(() => Task.FromResult(work.StopCount == 1));
        work.Open();
        await SendAsync(server, HttpMethod.Post);
        await WaitAsync(server, "ready");

        Assert.AreEqual("none", (string?)stopped.Json["state"]);
        Assert.AreEqual(2, work.StartCount);
        Assert.AreEqual(1, work.MostAtOnce);
    }

    [TestMethod]
    public async Task Analysis_ends_with_its_model()
    {
        var work = new GatedWork();
        await using ServerUnderTest server = await StartAsync(work);
        Deployment old = server.Get<ModelHost>().Current!;
        await SendAsync(server, HttpMethod.Post);
        await LimitTests.WaitForAsync(() => Task.FromResult(work.StartCount == 1));

        TestModels.SaveVisual(server.ModelPath, seed: 5, count: 90);
        await old.Closed;
        JsonNode none = (await server.GetAsync(Path, Key)).Json;
        work.Open();
        await SendAsync(server, HttpMethod.Post);
        JsonNode ready = await WaitAsync(server, "ready");

        Assert.AreEqual(1, work.StopCount);
        Assert.AreEqual("""["none",90]""", Pick(none, "state", "entryCount"));
        Assert.AreEqual(90, (int)ready["entryCount"]!);
    }

    [TestMethod]
    public async Task Analysis_ends_with_the_server()
    {
        var work = new GatedWork();
        await using ServerUnderTest server = await StartAsync(work);
        Deployment deployment = server.Get<ModelHost>().Current!;
        await SendAsync(server, HttpMethod.Post);
        await LimitTests.WaitForAsync(() => Task.FromResult(work.StartCount == 1));

        await server.StopAsync();
        await LimitTests.WaitForAsync(() => Task.FromResult(work.StopCount == 1));
        await server.Get<ModelHost>().RetireAsync();

        Assert.IsTrue(deployment.Closed.IsCompletedSuccessfully);
    }

    [TestMethod]
    public async Task Analysis_that_fails_says_nothing_of_the_server()
    {
        AnalysisWork broken = (_, _, _) => throw new InvalidOperationException("Of this, no client may hear a word.");
        await using ServerUnderTest server = await ServerUnderTest.StartWithAsync(
            services => services.AddSingleton(broken), path => TestModels.SaveVisual(path));

        await SendAsync(server, HttpMethod.Post);
        JsonNode failed = await WaitAsync(server, "failed");
        Answer result = await server.GetAsync(Path + "/result", Key);

        Assert.AreEqual(
            "The analysis must not fail, but did. The server's log tells more.", (string?)failed["failure"]);
        result.AssertProblem(409, "Conflict", NotReady);
    }

    [TestMethod]
    public async Task Adaptive_memory_is_analysed_without_predictions()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(TestModels.SaveAdaptive);

        await SendAsync(server, HttpMethod.Post);
        await WaitAsync(server, "ready");
        JsonNode result = (await server.GetAsync(Path + "/result", Key)).Json;

        Assert.AreEqual(
            "[null,null,null,null]", Pick(result, "predicted", "confidence", "ownScore", "calibration"));
        Assert.HasCount(60, result["map"]!["x"]!.AsArray());
        Assert.HasCount(60, result["correct"]!.AsArray());
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    public async Task Memory_with_hardly_an_entry_is_analysed(int count)
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(
            path => VectorModels.Save(path, VectorModels.Rows(2, 4, 9)));
        for (int id = count; id < 2; id++) await server.SendAsync(HttpMethod.Delete, $"/v1/examples/{id}", key: Key);

        await SendAsync(server, HttpMethod.Post);
        await WaitAsync(server, "ready");
        JsonNode result = (await server.GetAsync(Path + "/result", Key)).Json;

        Assert.HasCount(count, result["predicted"]!.AsArray());
        Assert.HasCount(count, result["map"]!["x"]!.AsArray());
    }

    /// <summary>Gives three heaps of 20 entries, each of a class.</summary>
    private static VectorRow[] Clusters()
    {
        VectorRow[] rows = VectorModels.Rows(60, 4, 10);
        foreach (VectorRow row in rows) row.Features[(int)(row.Id % 3)] += 1000;
        return rows;
    }

    private static Task<ServerUnderTest> StartAsync()
        => ServerUnderTest.StartAsync(path => TestModels.SaveVisual(path));

    private static Task<ServerUnderTest> StartAsync(GatedWork work) => ServerUnderTest.StartWithAsync(
        services => services.AddSingleton<AnalysisWork>(work.Run), path => TestModels.SaveVisual(path));

    private static Task<Answer> SendAsync(ServerUnderTest server, HttpMethod method)
        => server.SendAsync(method, Path, key: Key);

    private static async Task<JsonNode> WaitAsync(ServerUnderTest server, string state)
    {
        JsonNode? analysis = null;
        await LimitTests.WaitForAsync(async () =>
        {
            analysis = (await server.GetAsync(Path, Key)).Json;
            return (string?)analysis["state"] != "working";
        });
        Assert.AreEqual(state, (string?)analysis!["state"], analysis.ToJsonString());
        return analysis;
    }

    private static string Pick(JsonNode node, params string[] names)
    {
        foreach (string name in names) Assert.IsTrue(node.AsObject().ContainsKey(name), name);
        return new JsonArray([.. names.Select(name => node[name]?.DeepClone())]).ToJsonString();
    }

    private static int[] RightOf(JsonNode result) => [.. Enumerable.Range(0, result["ids"]!.AsArray().Count)
        .Where(place => (int)result["predicted"]![place]! == (int)result["labels"]![place]!)];
}
