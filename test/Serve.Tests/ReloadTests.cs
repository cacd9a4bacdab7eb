// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MemoryServe;

[TestClass]
public sealed class ReloadTests
{
    [TestMethod]
    public async Task New_file_takes_over_under_load_without_a_lost_or_mixed_answer()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(path => TestModels.SaveVisual(path));
        string old = (await VersionAsync(server))!;
        JsonObject body = TestModels.Json(TestModels.MixedRows(12, seed: 9));
        string before = await ScoresAsync(server, body);
        using var stop = new CancellationTokenSource();
        Task<List<string>>[] clients = [.. Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            var answers = new List<string>();
            while (!stop.IsCancellationRequested) answers.Add(await ScoresAsync(server, body.DeepClone()));
            return answers;
        }))];

        string next = Path.Combine(server.Folder, "next.zip");
        TestModels.SaveVisual(next, seed: 5, count: 90);
        File.Move(next, server.ModelPath, overwrite: true);
        await LimitTests.WaitForAsync(async () => await VersionAsync(server) != old);
        string after = await ScoresAsync(server, body.DeepClone());
        stop.Cancel();
        List<string>[] answers = await Task.WhenAll(clients);

        Assert.AreNotEqual(before, after);
        foreach (string answer in answers.SelectMany(each => each))
            Assert.IsTrue(answer == before || answer == after, answer);
        Metrics metrics = await Metrics.ReadAsync(server);
        Assert.AreEqual(2, metrics["memory_serve_model_loads_total{result=\"loaded\"}"]);
    }

    [TestMethod]
    public async Task Bad_file_leaves_the_old_model_and_shows()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(path => TestModels.SaveVisual(path));
        string? old = await VersionAsync(server);
        byte[] whole = await File.ReadAllBytesAsync(server.ModelPath);

        await File.WriteAllBytesAsync(server.ModelPath, whole[..(whole.Length / 2)]);
        await LimitTests.WaitForAsync(async () => await StatusAsync(server) == "degraded");
        Answer health = await server.GetAsync("/health");
        Answer answer = await server.PostAsync("/v1/predict", TestModels.Json(TestModels.Rows(1, seed: 9)[0]));
        Metrics metrics = await Metrics.ReadAsync(server);
        await File.WriteAllBytesAsync(server.ModelPath, whole);
        await LimitTests.WaitForAsync(async () => await StatusAsync(server) == "ready");

        Assert.AreEqual(200, health.Status);
        Assert.AreEqual(old, (string?)health.Json["version"]);
        Assert.AreEqual("The file must be a whole model.zip of ML.NET.", (string?)health.Json["failure"]);
        Assert.AreEqual(200, answer.Status);
        Assert.AreEqual(1, metrics["memory_serve_model_loads_total{result=\"failed\"}"]);
        Assert.AreEqual(1, metrics["memory_serve_degraded"]);
        Assert.AreEqual(old, await VersionAsync(server));
    }

    [TestMethod]
    public async Task Server_without_a_model_waits_for_one()
    {
        using var log = new KeptLog();
        await using ServerUnderTest server = await ServerUnderTest.StartWithAsync(
            services => services.AddSingleton<ILoggerProvider>(log), save: null);

        Answer health = await server.GetAsync("/health");
        Answer live = await server.GetAsync("/health/live");
        Answer predict = await server.PostAsync("/v1/predict", new JsonObject());
        string next = Path.Combine(server.Folder, "next.zip");
        TestModels.SaveVisual(next);
        File.Move(next, server.ModelPath);
        await LimitTests.WaitForAsync(async () => (await server.GetAsync("/health/ready")).Status == 200);

        Assert.AreEqual(503, health.Status);
        Assert.AreEqual("unavailable", (string?)health.Json["status"]);
        Assert.AreEqual("The model file must be there. Got none.", (string?)health.Json["failure"]);
        Assert.AreEqual(
            $"The model file {server.ModelPath} was not taken: The model file must be there. Got none.",
            log.Lines.First());
        Assert.AreEqual("""{"status":"live"}""", live.Text);
        predict.AssertProblem(
            503, "Service Unavailable", "A model must be loaded before it can be asked. Got none yet.");
    }

    [TestMethod]
    public async Task Each_deployed_file_has_a_memory_of_its_own()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(path => TestModels.SaveVisual(path));
        byte[] first = await File.ReadAllBytesAsync(server.ModelPath);
        string? old = await VersionAsync(server);
        TestRow row = TestModels.Rows(1, seed: 9, firstId: 70)[0];
        await server.PostAsync("/v1/examples", TestModels.Json([row], areExamples: true), ServerUnderTest.Key);
        Answer prediction = await server.PostAsync("/v1/predict", TestModels.Json(row));

        TestModels.SaveVisual(server.ModelPath, seed: 5, count: 90);
        await LimitTests.WaitForAsync(async () => await VersionAsync(server) != old);
        int second = (int)(await server.GetAsync("/v1/model")).Json["entryCount"]!;
        Answer late = await server.PostAsync(
            "/v1/feedback",
            new JsonObject { ["id"] = prediction.Json["id"]!.DeepClone(), ["label"] = "ash" },
            ServerUnderTest.Key);
        await File.WriteAllBytesAsync(server.ModelPath, first);
        await LimitTests.WaitForAsync(async () => await VersionAsync(server) == old);
        int third = (int)(await server.GetAsync("/v1/model")).Json["entryCount"]!;

        Assert.AreEqual(90, second);
        late.AssertProblem(
            409, "Conflict", "The prediction must be of the model that serves. It is of a former one.");
        Assert.AreEqual(61, third);
    }

    [TestMethod]
    public async Task Second_server_waits_until_the_first_has_ended()
    {
        await using ServerUnderTest first = await ServerUnderTest.StartAsync(path => TestModels.SaveVisual(path));
        await using ServerUnderTest second = await ServerUnderTest.StartAsync(null, first.Folder);

        Answer waiting = await second.GetAsync("/health");
        await first.StopAsync();
        await first.Get<ModelHost>().RetireAsync();
        await LimitTests.WaitForAsync(async () => (await second.GetAsync("/health/ready")).Status == 200);

        Assert.AreEqual(503, waiting.Status);
        Assert.AreEqual(
            "The model file and the folder of its memory must be readable, and open in one process only.",
            (string?)waiting.Json["failure"]);
    }

    [TestMethod]
    public async Task Shutdown_answers_what_has_begun()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(path => TestModels.SaveVisual(path));
        JsonObject body = TestModels.Json(TestModels.Rows(200, seed: 9));
        Task<Answer>[] pending = [.. Enumerable.Range(0, 20).Select(
            _ => server.PostAsync("/v1/predict/batch", body.DeepClone()))];
        await LimitTests.WaitForAsync(
            async () => (await Metrics.ReadAsync(server))["memory_serve_batch_rows_count"] > 0);

        await server.StopAsync();
        Answer?[] answers = await Task.WhenAll(pending.Select(AnswerOrNone));

        Assert.IsTrue(answers.Any(answer => answer is not null));
        Assert.IsTrue(answers.All(answer => answer is null or { Status: 200 }));
    }

    /// <summary>Gives the answer; null where the server took no connection any more.</summary>
    private static async Task<Answer?> AnswerOrNone(Task<Answer> pending)
    {
        try
        {
            return await pending;
        }
        catch (HttpRequestException error) when (error.HttpRequestError is HttpRequestError.ConnectionError)
        {
            return null;
        }
    }

    private static async Task<string?> StatusAsync(ServerUnderTest server)
        => (string?)(await server.GetAsync("/health")).Json["status"];

    private static async Task<string?> VersionAsync(ServerUnderTest server)
        => (string?)(await server.GetAsync("/health")).Json["version"];

    private static async Task<string> ScoresAsync(ServerUnderTest server, JsonNode body)
    {
        Answer answer = await server.PostAsync("/v1/predict/batch", body);
        Assert.AreEqual(200, answer.Status, answer.Text);
        foreach (JsonNode? each in answer.Json["predictions"]!.AsArray()) each!.AsObject().Remove("id");
        JsonNode json = answer.Json;
        foreach (JsonNode? each in json["predictions"]!.AsArray()) each!.AsObject().Remove("id");
        return json.ToJsonString();
    }
}
