// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;

namespace MemoryServe;

[TestClass]
public sealed class TrendTests
{
    private static readonly DateTimeOffset _start = new(2026, 3, 1, 23, 58, 30, TimeSpan.Zero);

    [TestMethod]
    public async Task Predictions_and_feedback_are_counted_by_minute()
    {
        var clock = new Clock(_start);
        await using ServerUnderTest server = await StartAsync(clock);
        JsonObject[] rows = [.. TestModels.Rows(3, seed: 9).Select(row => TestModels.Json(row))];

        Answer first = await server.PostAsync("/v1/predict", rows[0]);
        await server.PostAsync("/v1/predict/batch", TestModels.Json(TestModels.Rows(3, seed: 9)));
        clock.Move(TimeSpan.FromMinutes(2));
        Answer second = await server.PostAsync("/v1/predict", rows[1]);
        await LearnAsync(server, first, "ash");
        await LearnAsync(server, second, "cedar");
        JsonNode trend = await ReadAsync(server);

        Assert.AreEqual(60, (int)trend["bucketSeconds"]!);
        Assert.IsTrue(trend.AsObject().ContainsKey("reference"));
        Assert.IsNull(trend["reference"]);
        Assert.AreEqual(
            """[{"at":"2026-03-01T23:58:00Z","count":4,"confidence":1,"unknown":0,"feedback":0,"right":0,"""
            + "\"classes\":"
            + """[{"class":"ash","count":2},{"class":"birch","count":1},{"class":"cedar","count":1}]},"""
            + """{"at":"2026-03-02T00:00:00Z","count":1,"confidence":1,"unknown":0,"feedback":2,"right":1,"""
            + "\"classes\":"
            + """[{"class":"birch","count":1}]}]""",
            trend["buckets"]!.ToJsonString());
    }

    [TestMethod]
    public async Task Minutes_older_than_a_day_are_gone()
    {
        var clock = new Clock(_start);
        await using ServerUnderTest server = await StartAsync(clock);
        JsonObject row = TestModels.Json(TestModels.Rows(1, seed: 9)[0]);

        await server.PostAsync("/v1/predict", row);
        clock.Move(TimeSpan.FromMinutes((24 * 60) - 1));
        await server.PostAsync("/v1/predict", row.DeepClone());
        JsonNode lastMinute = await ReadAsync(server);
        clock.Move(TimeSpan.FromMinutes(1));
        JsonNode nextMinute = await ReadAsync(server);
        await server.PostAsync("/v1/predict", row.DeepClone());
        JsonNode sameCell = await ReadAsync(server);

        CollectionAssert.AreEqual(
            new[] { "2026-03-01T23:58:00Z", "2026-03-02T23:57:00Z" }, TimesOf(lastMinute));
        CollectionAssert.AreEqual(new[] { "2026-03-02T23:57:00Z" }, TimesOf(nextMinute));
        CollectionAssert.AreEqual(
            new[] { "2026-03-02T23:57:00Z", "2026-03-02T23:58:00Z" }, TimesOf(sameCell));
        Assert.AreEqual(1, (int)sameCell["buckets"]![1]!["count"]!);
    }

    [TestMethod]
    public void Predictions_of_many_threads_are_all_counted()
    {
        var trend = new Trend(new Clock(_start));
        var sure = new Prediction { Label = "ash", Scores = [0.25f, 0.75f], Classes = ["ash", "birch"] };
        var strange = new Prediction { IsUnknown = true, Scores = [float.NaN, float.NaN], Classes = ["ash", "birch"] };

        Parallel.For(0, 2000, index => trend.AddPrediction(index % 2 == 0 ? sure : strange));
        Parallel.For(0, 2000, index => trend.AddFeedback(index % 4 == 0));

        TrendBucket minute = trend.Read().Single();
        Assert.AreEqual((2000, 1000, 2000, 500), (minute.Count, minute.Unknown, minute.Feedback, minute.Right));
        Assert.AreEqual(0.75, minute.Confidence);
        Assert.AreEqual(new TrendClass("ash", 1000), minute.Classes.Single());
    }

    [TestMethod]
    public void Classes_of_a_minute_are_bounded()
    {
        var trend = new Trend(new Clock(_start));

        for (int index = 0; index < 1500; index++)
            trend.AddPrediction(new Prediction { Label = $"class {index}", Scores = [1], Classes = ["any"] });
        foreach (string name in (string[])["class 999", "class 1000"])
            trend.AddPrediction(new Prediction { Label = name, Scores = [1], Classes = ["any"] });

        TrendBucket minute = trend.Read().Single();
        Assert.AreEqual(1502, minute.Count);
        Assert.HasCount(100, minute.Classes);
        Assert.AreEqual(new TrendClass("class 999", 2), minute.Classes[0]);
        Assert.AreEqual(100, minute.Classes.Sum(each => each.Count) - 1);
    }

    [TestMethod]
    public void Clock_that_goes_back_loses_and_doubles_nothing()
    {
        var clock = new Clock(_start);
        var trend = new Trend(clock);

        trend.AddFeedback(isRight: true);
        clock.Move(TimeSpan.FromMinutes(-2));
        trend.AddFeedback(isRight: true);
        int before = trend.Read().Count;
        clock.Move(TimeSpan.FromMinutes(2));
        trend.AddFeedback(isRight: false);

        Assert.AreEqual(1, before);
        CollectionAssert.AreEqual(new[] { 1, 2 }, trend.Read().Select(each => each.Feedback).ToArray());
    }

    private static Task<ServerUnderTest> StartAsync(Clock clock) => ServerUnderTest.StartWithAsync(
        services => services.AddSingleton<TimeProvider>(clock), path => TestModels.SaveVisual(path));

    private static async Task LearnAsync(ServerUnderTest server, Answer prediction, string label)
    {
        var body = new JsonObject { ["id"] = prediction.Json["id"]!.DeepClone(), ["label"] = label };
        Answer answer = await server.PostAsync("/v1/feedback", body, ServerUnderTest.Key);
        Assert.AreEqual(200, answer.Status, answer.Text);
    }

    private static async Task<JsonNode> ReadAsync(ServerUnderTest server)
        => (await server.GetAsync("/v1/inspect/trend", ServerUnderTest.Key)).Json;

    private static string[] TimesOf(JsonNode trend)
        => [.. trend["buckets"]!.AsArray().Select(bucket => (string)bucket!["at"]!)];
}
