// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Text;
using System.Text.Json.Nodes;

namespace MemoryServe;

[TestClass]
public sealed class PredictTests
{
    [TestMethod]
    public async Task Predict_answers_label_scores_and_id()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(path => TestModels.SaveVisual(path));
        TestRow row = TestModels.Rows(2, seed: 9)[1];

        Answer answer = await server.PostAsync("/v1/predict", TestModels.Json(row));

        Assert.AreEqual(200, answer.Status, answer.Text);
        Assert.AreEqual("birch", (string?)answer.Json["label"]);
        Assert.IsTrue(Guid.TryParse((string?)answer.Json["id"], out _));
        Assert.AreEqual(
            """[{"class":"birch","score":1},{"class":"ash","score":0},{"class":"cedar","score":0}]""",
            answer.Json["scores"]!.ToJsonString());
    }

    [TestMethod]
    public async Task Predict_shows_as_many_classes_as_asked_for()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(path => TestModels.SaveVisual(path));
        JsonObject row = TestModels.Json(TestModels.Rows(1, seed: 9)[0]);

        Answer answer = await server.PostAsync("/v1/predict?top=1", row);
        Answer wrong = await server.PostAsync("/v1/predict?top=0", row.DeepClone());

        Assert.AreEqual("""[{"class":"ash","score":1}]""", answer.Json["scores"]!.ToJsonString());
        wrong.AssertProblem(400, "Bad Request", "Parameter 'top' must be a whole number from 1 to 1000.");
    }

    [TestMethod]
    public async Task Batch_answers_every_row_in_order()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(path => TestModels.SaveVisual(path));
        IReadOnlyList<TestRow> rows = TestModels.Rows(30, seed: 9);

        Answer answer = await server.PostAsync("/v1/predict/batch", TestModels.Json(rows));

        Assert.AreEqual(200, answer.Status, answer.Text);
        string?[] labels = [.. answer.Json["predictions"]!.AsArray().Select(each => (string?)each!["label"])];
        CollectionAssert.AreEqual(rows.Select(row => row.Label).ToArray(), labels);
    }

    [TestMethod]
    [DataRow("""{"Features":[1,2,3]}""", "Features", "be an array of 8 finite numbers. Got 3.")]
    [DataRow("""{"Features":[1,2,3,4,5,6,7,8,9]}""", "Features", "be an array of 8 finite numbers. Got 9.")]
    [DataRow(
        """{"Features":[1,2,"x",4,5,6,7,8]}""",
        "Features",
        "be an array of 8 finite numbers. Got a text at place 2.")]
    [DataRow(
        """{"Features":[1,2,1e99,4,5,6,7,8]}""",
        "Features",
        "be an array of 8 finite numbers. Got another number at place 2.")]
    [DataRow("""{"Features":7}""", "Features", "be an array of 8 finite numbers. Got another number.")]
    [DataRow("{}", "Features", "be there. Got a row without it.")]
    [DataRow(
        """{"Features":[1,2,3,4,5,6,7,8],"Id":1.5}""",
        "Id",
        "be a whole number from -9223372036854775808 to 9223372036854775807. Got another number.")]
    [DataRow(
        """{"Features":[1,2,3,4,5,6,7,8],"Colour":1}""", "Colour", "be one of the model's input. It is not.")]
    [DataRow(
        """{"Features":[1,2,3,4,5,6,7,8],"Features":1}""", "Features", "be given once. Got it twice.")]
    public async Task Predict_names_what_is_wrong_with_a_row(string row, string column, string must)
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(path => TestModels.SaveVisual(path));

        Answer answer = await PostTextAsync(server, "/v1/predict", row);

        Assert.AreEqual("application/problem+json", answer.ContentType);
        AssertInvalid(answer, (0, column, $"Column '{column}' must {must}"));
    }

    [TestMethod]
    public async Task Predict_refuses_a_row_that_is_no_object()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(path => TestModels.SaveVisual(path));

        Answer answer = await PostTextAsync(server, "/v1/predict", "[]");

        AssertInvalid(answer, (0, null, "A row must be an object with the names of columns."));
    }

    [TestMethod]
    public async Task Batch_names_every_wrong_row()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(path => TestModels.SaveVisual(path));

        Answer answer = await PostTextAsync(
            server, "/v1/predict/batch", """{"rows":[{"Features":[1,2,3,4,5,6,7,8]},{},{"Features":[]}]}""");

        AssertInvalid(
            answer,
            (1, "Features", "Column 'Features' must be there. Got a row without it."),
            (2, "Features", "Column 'Features' must be an array of 8 finite numbers. Got 0."));
    }

    [TestMethod]
    [DataRow("", "The body must be JSON. Got something else at line 1, byte 1.")]
    [DataRow("{\"rows\":\n[{]}", "The body must be JSON. Got something else at line 2, byte 3.")]
    [DataRow("""{"rows":[]}""", "The body must be an object with at least one row in \"rows\".")]
    [DataRow("""{"row":[]}""", "The body must be an object with the array \"rows\" and nothing else.")]
    [DataRow(
        """{"rows":[{"Features":[1,2,3,4,5,6,7,8]}],"more":1}""",
        "The body must be an object with the array \"rows\" and nothing else.")]
    [DataRow("[[[[[[[[[1]]]]]]]]]", "The body must be an object with the array \"rows\" and nothing else.")]
    public async Task Batch_refuses_a_body_that_is_none(string body, string detail)
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(path => TestModels.SaveVisual(path));

        Answer answer = await PostTextAsync(server, "/v1/predict/batch", body);

        answer.AssertProblem(400, "Bad Request", detail);
    }

    [TestMethod]
    public async Task Predict_refuses_another_media_type()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(path => TestModels.SaveVisual(path));

        Answer answer = await PostTextAsync(server, "/v1/predict", "{}", "text/plain");

        answer.AssertProblem(
            415, "Unsupported Media Type", "The body must be of type application/json in UTF-8.");
    }

    [TestMethod]
    public async Task Thousand_predictions_at_once_equal_one_by_one()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(path => TestModels.SaveVisual(path));
        IReadOnlyList<TestRow> rows = TestModels.MixedRows(1000, seed: 9);
        ServedModel model = server.Get<ModelHost>().Current!.Store.Current;
        string[] expected = [.. rows.Select(row => Describe(model.Predict([RowOf(model, row)])[0]))];

        string[] answers = await Task.WhenAll(rows.Select(async row =>
        {
            Answer answer = await server.PostAsync("/v1/predict", TestModels.Json(row));
            return (string?)answer.Json["label"] + answer.Json["scores"]!.ToJsonString();
        }));

        CollectionAssert.AreEqual(expected, answers);
        Metrics metrics = await Metrics.ReadAsync(server);
        Assert.AreEqual(1000, metrics["memory_serve_batch_rows_sum"]);
    }

    [TestMethod]
    public async Task Requests_that_wait_are_predicted_together()
    {
        await using var stopped = new StoppedBatcher(queuedRows: 40);
        Row[] rows = stopped.Rows(40);
        Task<Prediction[]>[] answers = [.. rows.Select(
            row => stopped.Batcher.PredictAsync(stopped.Deployment, [row], default))];

        await stopped.RunAsync();

        Prediction[][] together = await Task.WhenAll(answers);
        Prediction[] alone = stopped.Deployment.Store.Current.Predict(rows);
        CollectionAssert.AreEqual(
            alone.Select(Describe).ToArray(), together.Select(each => Describe(each.Single())).ToArray());
        StringAssert.Contains(stopped.MetricsText(), "memory_serve_batch_rows_count 1\n");
    }

    [TestMethod]
    public async Task Explain_names_the_entries_that_vote()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(path => TestModels.SaveVisual(path));
        TestRow entry = TestModels.Rows(60, seed: 1)[7];

        Answer answer = await server.PostAsync("/v1/explain?top=2", TestModels.Json(entry));

        Assert.AreEqual(200, answer.Status, answer.Text);
        JsonArray neighbors = answer.Json["neighbors"]!.AsArray();
        Assert.HasCount(2, neighbors);
        Assert.AreEqual(7, (long)neighbors[0]!["id"]!);
        Assert.AreEqual("birch", (string?)neighbors[0]!["label"]);
        Assert.AreEqual(0f, (float)neighbors[0]!["distance"]!, 1e-6f);
        Assert.IsGreaterThan((double)neighbors[1]!["share"]!, (double)neighbors[0]!["share"]!);
    }

    internal static async Task<Answer> PostTextAsync(
        ServerUnderTest server, string path, string body, string type = "application/json")
    {
        using var content = new StringContent(body, Encoding.UTF8, type);
        using HttpResponseMessage response = await server.Client.PostAsync(path, content);
        return await Answer.OfAsync(response);
    }

    /// <summary>Checks that an answer names exactly these errors.</summary>
    private static void AssertInvalid(Answer answer, params (int Row, string? Column, string Message)[] errors)
    {
        var expected = new JsonObject
        {
            ["title"] = "Bad Request",
            ["status"] = 400,
            ["detail"] = "Every row must fit the model's input.",
            ["errors"] = new JsonArray([.. errors.Select(error =>
            {
                var json = new JsonObject { ["row"] = error.Row };
                if (error.Column is not null) json["column"] = error.Column;
                json["message"] = error.Message;
                return json;
            })]),
        };
        Assert.AreEqual(expected.ToJsonString(), answer.Json.ToJsonString());
    }

    private static Row RowOf(ServedModel model, TestRow row)
    {
        object?[] values = new object?[model.Input.Schema.Count];
        values[model.Input.Schema["Features"].Index] = row.Features;
        return new Row(values);
    }

    private static string Describe(Prediction prediction)
    {
        IEnumerable<JsonNode> scores = Query.Best(prediction.Classes, prediction.Scores, top: 10)
            .Select(each => new JsonObject { ["class"] = each.Class, ["score"] = each.Score });
        return prediction.Label + new JsonArray([.. scores]).ToJsonString();
    }
}
