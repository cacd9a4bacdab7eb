// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;

namespace MemoryServe;

/// <summary>The inspector with memories and clients that nobody wishes for.</summary>
[TestClass]
public sealed class HostileInspectTests
{
    private const string Key = ServerUnderTest.Key;
    private const string Analysis = "/v1/inspect/analysis";

    [TestMethod]
    [DataRow(1e30f)]
    [DataRow(3e38f)]
    [DataRow(1e-38f)]
    [DataRow(0f)]
    public async Task Vectors_of_any_size_are_analysed_and_shown(float scale)
    {
        VectorRow[] rows = VectorModels.Rows(30, 4, 3);
        foreach (VectorRow row in rows)
        {
            for (int place = 0; place < row.Features.Length; place++)
                row.Features[place] = (row.Features[place] - 1) * scale;
        }

        await using ServerUnderTest server = await ServerUnderTest.StartAsync(path => VectorModels.Save(path, rows));

        JsonNode result = await AnalyseAsync(server);
        foreach (string path in (string[])["/v1/inspect", "/v1/inspect/entries", "/v1/inspect/entries/7?top=1000",
            "/v1/inspect/entries/7/picture", "/v1/inspect/trend"])
        {
            Answer answer = await server.GetAsync(path, Key);
            Assert.AreEqual(200, answer.Status, path + answer.Text);
        }

        foreach (string name in (string[])["x", "y"])
        {
            Assert.IsTrue(result["map"]![name]!.AsArray().All(each => each is not null));
            Assert.IsTrue(result["principal"]![name]!.AsArray().All(each => each is not null));
        }

        Assert.IsTrue(result["confidence"]!.AsArray().All(each => each is not null));
        Assert.IsTrue(result["ownScore"]!.AsArray().All(each => each is not null));
    }

    [TestMethod]
    public async Task Entries_without_weight_predict_nothing()
    {
        VectorRow[] rows = VectorModels.Rows(30, 4, 9);
        foreach (VectorRow row in rows) row.Weight = 0;
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(
            path => VectorModels.Save(path, rows, hasWeights: true));

        JsonNode result = await AnalyseAsync(server);
        JsonNode entry = (await server.GetAsync("/v1/inspect/entries/7", Key)).Json;

        Assert.IsTrue(result["predicted"]!.AsArray().All(each => (int)each! == -1));
        Assert.AreEqual(0, (double)result["calibration"]!["accuracy"]!);
        Assert.AreEqual(0, (float)entry["weight"]!);
        Assert.IsNull(entry["explanation"]!["label"]);
    }

    [TestMethod]
    [DataRow("/v1/inspect")]
    [DataRow("/v1/inspect/entries")]
    public async Task Removed_entries_are_gone_while_others_are_put_back(string path)
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(path => TestModels.SaveVisual(path));
        JsonObject entry = EntryChangeTests.EntryOf(
            (await server.GetAsync("/v1/inspect/entries/9", Key)).Json);
        await server.SendAsync(HttpMethod.Delete, "/v1/examples/9", key: Key);

        Answer[] answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(
            _ => server.SendAsync(HttpMethod.Put, "/v1/examples/9", entry.DeepClone(), Key)));
        Answer seen = await server.GetAsync(path, Key);

        Assert.AreEqual(1, answers.Count(each => each.Status == 200));
        Assert.AreEqual(7, answers.Count(each => each.Status == 409));
        Assert.AreEqual(2, (long)seen.Json["sequence"]!);
    }

    [TestMethod]
    public async Task Entry_that_is_removed_while_it_is_relabelled_is_removed()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(path => TestModels.SaveVisual(path));

        foreach (int id in Enumerable.Range(0, 20))
        {
            Task<Answer> relabelled = server.SendAsync(
                HttpMethod.Put, $"/v1/examples/{id}/label", new JsonObject { ["label"] = "oak" }, Key);
            Answer removed = await server.SendAsync(HttpMethod.Delete, $"/v1/examples/{id}", key: Key);
            Answer answer = await relabelled;

            Assert.AreEqual(200, removed.Status, removed.Text);
            Assert.IsTrue(answer.Status is 200 or 404, answer.Text);
            Assert.AreEqual(404, (await server.GetAsync($"/v1/inspect/entries/{id}", Key)).Status);
        }
    }

    [TestMethod]
    public async Task Starts_and_stops_at_once_leave_one_analysis_at_work()
    {
        var work = new GatedWork();
        await using ServerUnderTest server = await StartAsync(work);
        Deployment deployment = server.Get<ModelHost>().Current!;

        Answer[] answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(place => server.SendAsync(
            place % 3 == 2 ? HttpMethod.Delete : HttpMethod.Post, Analysis, key: Key)));
        work.Open();
        JsonNode result = await AnalyseAsync(server);
        await server.Get<ModelHost>().RetireAsync();

        Assert.IsTrue(answers.All(each => each.Status is 200 or 202));
        Assert.HasCount(60, result["ids"]!.AsArray());
        Assert.AreEqual(1, work.MostAtOnce);
        Assert.IsTrue(deployment.Closed.IsCompletedSuccessfully);
    }

    [TestMethod]
    public async Task Analysis_goes_on_while_entries_are_removed_relabelled_and_added()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(
            path => VectorModels.Save(path, VectorModels.Rows(200, 5, 1000), neighborCount: 30));

        await server.SendAsync(HttpMethod.Post, Analysis, key: Key);
        for (int id = 0; id < 40; id++)
        {
            await server.SendAsync(HttpMethod.Delete, $"/v1/examples/{id}", key: Key);
            await server.SendAsync(
                HttpMethod.Put, $"/v1/examples/{id + 40}/label", new JsonObject { ["label"] = "new" }, Key);
        }

        JsonNode result = await ResultAsync(server);
        JsonNode entries = (await server.GetAsync("/v1/inspect/entries", Key)).Json;

        Assert.HasCount(200, result["ids"]!.AsArray());
        Assert.HasCount(200, result["predicted"]!.AsArray());
        Assert.HasCount(3, result["classes"]!.AsArray());
        Assert.HasCount(160, entries["ids"]!.AsArray());
        Assert.HasCount(4, entries["classes"]!.AsArray());
    }

    [TestMethod]
    public async Task Memory_that_is_exchanged_again_and_again_holds_no_analysis()
    {
        var work = new GatedWork();
        await using ServerUnderTest server = await StartAsync(work);
        var old = new List<Deployment>();
        for (int seed = 10; seed < 14; seed++)
        {
            old.Add(server.Get<ModelHost>().Current!);
            await server.SendAsync(HttpMethod.Post, Analysis, key: Key);
            TestModels.SaveVisual(server.ModelPath, seed);
            await old[^1].Closed;
        }

        Assert.IsTrue(old.All(each => each.Closed.IsCompletedSuccessfully));
        Assert.AreEqual(work.StopCount, work.StartCount);
    }

    [TestMethod]
    public async Task Server_ends_after_its_analysis_and_says_nothing_of_it()
    {
        using var log = new KeptLog();
        using var begun = new SemaphoreSlim(0);
        int ended = 0;
        AnalysisWork slow = (_, _, cancellation) =>
        {
            begun.Release();
            cancellation.WaitHandle.WaitOne();
            Thread.Sleep(200);
            Interlocked.Increment(ref ended);
            throw new OperationCanceledException(cancellation);
        };
        ServerUnderTest server = await ServerUnderTest.StartWithAsync(
            services => services.AddSingleton(slow).AddSingleton<Microsoft.Extensions.Logging.ILoggerProvider>(log),
            path => TestModels.SaveVisual(path));
        await server.SendAsync(HttpMethod.Post, Analysis, key: Key);
        await begun.WaitAsync();
        await server.SendAsync(HttpMethod.Delete, Analysis, key: Key);
        await server.SendAsync(HttpMethod.Post, Analysis, key: Key);

        await server.DisposeAsync();

        Assert.AreEqual(1, ended);
        CollectionAssert.AreEqual(Array.Empty<string>(), log.Lines.ToArray());
    }

    [TestMethod]
    public async Task Entry_that_an_adaptive_memory_was_trained_on_keeps_its_label()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(TestModels.SaveAdaptive);

        Answer answer = await server.SendAsync(
            HttpMethod.Put, "/v1/examples/1/label", new JsonObject { ["label"] = "ash" }, Key);

        Assert.AreEqual(409, answer.Status, answer.Text);
    }

    [TestMethod]
    public async Task Everything_is_answered_while_models_and_entries_change()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(path => TestModels.SaveVisual(path));
        using var ending = new CancellationTokenSource();
        var wrong = new System.Collections.Concurrent.ConcurrentBag<string>();
        string[] paths =
        [
            "/v1/inspect", "/v1/inspect/entries", "/v1/inspect/entries/7", "/v1/inspect/entries/7/picture",
            Analysis, Analysis + "/result", "/v1/inspect/trend",
        ];
        Task[] readers = [.. paths.Select(path => Task.Run(async () =>
        {
            while (!ending.IsCancellationRequested)
            {
                using HttpRequestMessage request = new(HttpMethod.Get, path);
                request.Headers.Authorization = new("Bearer", Key);
                using HttpResponseMessage response = await server.Client.SendAsync(request);
                if ((int)response.StatusCode is not (200 or 404 or 409)) wrong.Add($"{path} {response.StatusCode}");
            }
        }))];

        var former = new List<Deployment>();
        for (int round = 0; round < 5; round++)
        {
            former.Add(server.Get<ModelHost>().Current!);
            await server.SendAsync(HttpMethod.Post, Analysis, key: Key);
            await server.SendAsync(HttpMethod.Delete, $"/v1/examples/{round}", key: Key);
            await server.SendAsync(
                HttpMethod.Put, "/v1/examples/9/label", new JsonObject { ["label"] = "oak" }, Key);
            TestModels.SaveVisual(server.ModelPath, seed: 20 + round);
            await former[^1].Closed;
        }

        await ending.CancelAsync();
        await Task.WhenAll(readers);

        CollectionAssert.AreEqual(Array.Empty<string>(), wrong.Distinct().ToArray());
        Assert.IsTrue(former.All(each => each.Closed.IsCompletedSuccessfully));
    }

    private static Task<ServerUnderTest> StartAsync(GatedWork work) => ServerUnderTest.StartWithAsync(
        services => services.AddSingleton<AnalysisWork>(work.Run), path => TestModels.SaveVisual(path));

    internal static async Task<JsonNode> AnalyseAsync(ServerUnderTest server)
    {
        await server.SendAsync(HttpMethod.Post, Analysis, key: Key);
        return await ResultAsync(server);
    }

    private static async Task<JsonNode> ResultAsync(ServerUnderTest server)
    {
        JsonNode? state = null;
        await LimitTests.WaitForAsync(async () =>
        {
            state = (await server.GetAsync(Analysis, Key)).Json;
            return (string?)state["state"] != "working";
        });
        Assert.AreEqual("ready", (string?)state!["state"], state.ToJsonString());
        return (await server.GetAsync(Analysis + "/result", Key)).Json;
    }
}
