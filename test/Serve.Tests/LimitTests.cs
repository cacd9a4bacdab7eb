// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Net.Sockets;
using System.Text;

namespace MemoryServe;

[TestClass]
public sealed class LimitTests
{
    [TestMethod]
    public async Task Body_that_is_too_large_is_refused()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(
            path => TestModels.SaveVisual(path), settings: ("BodyBytes", "1000"));

        Answer answer = await PredictTests.PostTextAsync(server, "/v1/predict", new string(' ', 2000));

        answer.AssertProblem(413, "Payload Too Large", "The body must be smaller. Send it in parts.");
    }

    [TestMethod]
    public async Task Too_many_rows_are_refused()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(
            path => TestModels.SaveVisual(path), settings: ("RowsPerRequest", "3"));

        Answer most = await server.PostAsync("/v1/predict/batch", TestModels.Json(TestModels.Rows(3, seed: 1)));
        Answer more = await server.PostAsync("/v1/predict/batch", TestModels.Json(TestModels.Rows(4, seed: 1)));

        Assert.AreEqual(200, most.Status, most.Text);
        more.AssertProblem(
            413, "Payload Too Large", "A request must have at most 3 rows. Got more. Send them in parts.");
    }

    [TestMethod]
    [DataRow("/v1/model")]
    [DataRow("/V1/MODEL")]
    public async Task Requests_beyond_the_limit_are_told_when_to_come_again(string path)
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(
            path => TestModels.SaveVisual(path), settings: ("ConcurrentRequests", "1"));
        using TcpClient slow = await BeginRequestAsync(server);
        await WaitForAsync(async () => (await Metrics.ReadAsync(server))["memory_serve_requests_at_work"] == 1);

        Answer refused = await server.GetAsync(path);
        Answer health = await server.GetAsync("/health");

        refused.AssertProblem(
            503, "Service Unavailable", "Fewer requests must be at work at once. Try again later.");
        Assert.AreEqual("1", refused.Headers["Retry-After"]);
        Assert.AreEqual(200, health.Status);
        Metrics metrics = await Metrics.ReadAsync(server);
        Assert.AreEqual(1, metrics["memory_serve_overload_total{reason=\"too-many-requests\"}"]);
    }

    [TestMethod]
    public async Task Bodies_beyond_the_limit_are_told_when_to_come_again()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(
            path => TestModels.SaveVisual(path), settings: [("BodyBytes", "1000"), ("BodiesBytes", "1050")]);
        using TcpClient slow = await BeginRequestAsync(server);
        await WaitForAsync(async () => (await Metrics.ReadAsync(server))["memory_serve_requests_at_work"] == 1);

        Answer refused = await PredictTests.PostTextAsync(server, "/v1/predict", new string(' ', 1000));
        Answer small = await PredictTests.PostTextAsync(server, "/v1/predict", "{}");

        refused.AssertProblem(
            503, "Service Unavailable", "Fewer requests must be at work at once. Try again later.");
        Assert.AreEqual(400, small.Status);
        Metrics metrics = await Metrics.ReadAsync(server);
        Assert.AreEqual(1, metrics["memory_serve_overload_total{reason=\"bodies\"}"]);
    }

    [TestMethod]
    public async Task Rows_beyond_the_queue_are_told_when_to_come_again()
    {
        await using var stopped = new StoppedBatcher(queuedRows: 2);
        Task<Prediction[]> first = stopped.Batcher.PredictAsync(stopped.Deployment, stopped.Rows(2), default);

        var refused = await Assert.ThrowsExactlyAsync<RequestProblem>(
            () => stopped.Batcher.PredictAsync(stopped.Deployment, stopped.Rows(1), default));

        Assert.AreEqual(503, refused.Status);
        Assert.AreEqual("Fewer rows must wait to be predicted. Try again later.", refused.Message);
        Assert.AreEqual(TimeSpan.FromSeconds(1), refused.RetryAfter);
        await stopped.RunAsync();
        Assert.HasCount(2, await first);
    }

    [TestMethod]
    public async Task Cancelled_request_leaves_the_batch()
    {
        await using var stopped = new StoppedBatcher(queuedRows: 10);
        using var cancellation = new CancellationTokenSource();
        Task<Prediction[]> cancelled = stopped.Batcher.PredictAsync(
            stopped.Deployment, stopped.Rows(2), cancellation.Token);
        Task<Prediction[]> kept = stopped.Batcher.PredictAsync(stopped.Deployment, stopped.Rows(3), default);

        cancellation.Cancel();
        await stopped.RunAsync();

        await Assert.ThrowsAsync<OperationCanceledException>(() => cancelled);
        Assert.HasCount(3, await kept);
        Assert.AreEqual(0, stopped.Batcher.QueuedRows);
        StringAssert.Contains(stopped.MetricsText(), "memory_serve_batch_rows_sum 3\n");
    }

    [TestMethod]
    public async Task Client_that_goes_away_is_counted_and_waited_for_by_nobody()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(path => TestModels.SaveVisual(path));
        using var gate = new ManualResetEventSlim();
        var slowModel = new ServedModel(new BrokenTransformer(gate), BrokenTransformer.InputSchema);
        server.Get<ModelHost>().Exchange(new Deployment("slow", new ReadOnlyStore(slowModel), default));
        using (TcpClient client = await BeginRequestAsync(server, "{\"Number\":1}"))
        {
            await WaitForAsync(async () => (await Metrics.ReadAsync(server))["memory_serve_batch_rows_count"] == 1);
            client.LingerState = new LingerOption(true, 0);
        }

        await WaitForAsync(async () => (await Metrics.ReadAsync(server))["memory_serve_cancelled_total"] == 1);
        Metrics metrics = await Metrics.ReadAsync(server);
        gate.Set();

        Assert.AreEqual(0, metrics["memory_serve_requests_at_work"]);
    }

    [TestMethod]
    public async Task Client_that_goes_away_before_its_body_ends_harms_nobody()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(path => TestModels.SaveVisual(path));
        using (TcpClient client = await BeginRequestAsync(server))
        {
            await WaitForAsync(async () => (await Metrics.ReadAsync(server))["memory_serve_requests_at_work"] == 1);
            client.LingerState = new LingerOption(true, 0);
        }

        await WaitForAsync(async () => (await Metrics.ReadAsync(server))["memory_serve_requests_at_work"] == 0);
        Answer answer = await server.PostAsync("/v1/predict", TestModels.Json(TestModels.Rows(1, seed: 9)[0]));

        Assert.AreEqual(200, answer.Status);
    }

    [TestMethod]
    public async Task Request_that_takes_too_long_is_ended()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(
            path => TestModels.SaveVisual(path), settings: ("RequestTimeout", "00:00:00.1"));
        using TcpClient slow = await BeginRequestAsync(server);

        using var reader = new StreamReader(slow.GetStream());
        string status = (await reader.ReadLineAsync())!;

        Assert.AreEqual("HTTP/1.1 503 Service Unavailable", status);
    }

    [TestMethod]
    public async Task Wrong_settings_are_all_named()
    {
        var error = await Assert.ThrowsExactlyAsync<Microsoft.Extensions.Options.OptionsValidationException>(
            () => ServerUnderTest.StartAsync(
                null, null, ("BatchRows", "0"), ("ApiKey", "short"), ("RequestTimeout", "0")));

        CollectionAssert.AreEqual(
            new[]
            {
                "Serve:ApiKey must have at least 16 characters.",
                "Serve:BatchRows must be at least 1. Got 0.",
                "Serve:RequestTimeout must be a positive time. Got 00:00:00.",
            },
            error.Failures.ToArray());
    }

    internal static async Task WaitForAsync(Func<Task<bool>> condition)
    {
        for (int attempt = 0; attempt < 500; attempt++)
        {
            if (await condition()) return;
            await Task.Delay(10);
        }

        Assert.Fail("What was waited for must happen. It did not.");
    }

    /// <summary>Sends the header of a request and its body, or only a part of it.</summary>
    private static async Task<TcpClient> BeginRequestAsync(ServerUnderTest server, string? body = null)
    {
        Uri address = server.Client.BaseAddress!;
        var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port);
        byte[] head = Encoding.ASCII.GetBytes(
            $"POST /v1/predict HTTP/1.1\r\nHost: {address.Authority}\r\nContent-Type: application/json\r\n"
            + $"Content-Length: {TestModels.Text(body?.Length ?? 100)}\r\n\r\n{body ?? "{\"Features\":["}");
        await client.GetStream().WriteAsync(head);
        return client;
    }
}
