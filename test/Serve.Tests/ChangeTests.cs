// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Text.Json.Nodes;

namespace MemoryServe;

[TestClass]
public sealed class ChangeTests
{
    private const string Key = ServerUnderTest.Key;

    [TestMethod]
    public async Task Added_examples_of_a_new_class_are_predicted_and_survive_a_restart()
    {
        string folder = Directory.CreateTempSubdirectory("memory-serve-").FullName;
        TestRow[] rows = [.. TestModels.Rows(3, seed: 9, firstId: 500).Select(row => Moved(row, "oak"))];
        await using (ServerUnderTest server = await ServerUnderTest.StartAsync(path => TestModels.SaveVisual(path), folder))
        {
            Answer added = await server.PostAsync("/v1/examples", TestModels.Json(rows, areExamples: true), Key);
            Answer answer = await server.PostAsync("/v1/predict?top=1", TestModels.Json(rows[0]));

            Assert.AreEqual("""{"ids":[500,501,502],"entryCount":63}""", added.Text);
            Assert.AreEqual("oak", (string?)answer.Json["label"]);
        }

        await using (ServerUnderTest server = await ServerUnderTest.StartAsync(null, folder))
        {
            Answer answer = await server.PostAsync("/v1/predict?top=1", TestModels.Json(rows[0]));
            Answer model = await server.GetAsync("/v1/model");

            Assert.AreEqual("oak", (string?)answer.Json["label"]);
            Assert.AreEqual(63, (int)model.Json["entryCount"]!);
            Assert.AreEqual("""["ash","birch","cedar","oak"]""", model.Json["classes"]!.ToJsonString());
        }

        Directory.Delete(folder, recursive: true);
    }

    [TestMethod]
    public async Task Examples_are_added_all_or_none()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(path => TestModels.SaveVisual(path));
        IReadOnlyList<TestRow> taken = TestModels.Rows(3, seed: 9, firstId: 58);
        IReadOnlyList<TestRow> twice = [.. TestModels.Rows(2, seed: 9, firstId: 70), .. TestModels.Rows(1, seed: 9, firstId: 70)];

        Answer first = await server.PostAsync("/v1/examples", TestModels.Json(taken, areExamples: true), Key);
        Answer second = await server.PostAsync("/v1/examples", TestModels.Json(twice, areExamples: true), Key);
        Answer model = await server.GetAsync("/v1/model");

        first.AssertProblem(409, "Conflict", "Id 58 must be free. It is taken.");
        second.AssertProblem(409, "Conflict", "Id 70 must be given once. Got it twice.");
        Assert.AreEqual(60, (int)model.Json["entryCount"]!);
    }

    [TestMethod]
    public async Task Example_without_label_or_with_a_wrong_one_is_refused()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(path => TestModels.SaveVisual(path));
        IReadOnlyList<TestRow> rows = TestModels.Rows(2, seed: 9, firstId: 70);
        JsonObject body = TestModels.Json(rows, areExamples: true);
        body["rows"]![0]!.AsObject().Remove("Label");
        body["rows"]![1]!["Label"] = new JsonArray();

        Answer answer = await server.PostAsync("/v1/examples", body, Key);

        Assert.AreEqual(400, answer.Status);
        Assert.AreEqual(
            """[{"row":0,"column":"Label","message":"Column \u0027Label\u0027 must be there. Got a row without it."},"""
            + """{"row":1,"column":"Label","message":"Column \u0027Label\u0027 must be the name of a class: a text that is not empty, or a number."}]""",
            answer.Json["errors"]!.ToJsonString());
    }

    [TestMethod]
    public async Task Several_examples_must_all_have_ids_where_the_model_has_them()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(path => TestModels.SaveVisual(path));
        JsonObject body = TestModels.Json(TestModels.Rows(2, seed: 9, firstId: 70), areExamples: true);
        body["rows"]![1]!.AsObject().Remove("Id");
        JsonObject single = TestModels.Json(TestModels.Rows(1, seed: 9, firstId: 70), areExamples: true);
        single["rows"]![0]!.AsObject().Remove("Id");

        Answer several = await server.PostAsync("/v1/examples", body, Key);
        Answer one = await server.PostAsync("/v1/examples", single, Key);

        Assert.AreEqual(400, several.Status);
        Assert.AreEqual(
            """[{"row":1,"column":"Id","message":"Column \u0027Id\u0027 must be there where several examples are added. Got a row without it."}]""",
            several.Json["errors"]!.ToJsonString());
        Assert.AreEqual("""{"ids":[60],"entryCount":61}""", one.Text);
    }

    [TestMethod]
    public async Task Memory_without_ids_numbers_what_is_added()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(
            path => TestModels.SaveVisual(path, numbersItself: true));

        Answer answer = await server.PostAsync(
            "/v1/examples", TestModels.Json(TestModels.Rows(2, seed: 9), areExamples: true), Key);

        Assert.AreEqual("""{"ids":[60,61],"entryCount":62}""", answer.Text);
    }

    [TestMethod]
    public async Task Removed_entry_votes_no_more()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(path => TestModels.SaveVisual(path));
        TestRow entry = TestModels.Rows(60, seed: 1)[7];

        Answer removed = await server.SendAsync(HttpMethod.Delete, "/v1/examples/7", key: Key);
        Answer again = await server.SendAsync(HttpMethod.Delete, "/v1/examples/7", key: Key);
        Answer noNumber = await server.SendAsync(HttpMethod.Delete, "/v1/examples/seven", key: Key);
        Answer why = await server.PostAsync("/v1/explain", TestModels.Json(entry));

        Assert.AreEqual("""{"entryCount":59}""", removed.Text);
        again.AssertProblem(404, "Not Found", "The entry must be stored. It is not.");
        noNumber.AssertProblem(404, "Not Found", "The entry must be stored. It is not.");
        Assert.IsFalse(why.Json["neighbors"]!.AsArray().Any(each => (long)each!["id"]! == 7));
    }

    [TestMethod]
    public async Task Feedback_teaches_the_true_label_once()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(path => TestModels.SaveVisual(path));
        JsonObject row = TestModels.Json(Moved(TestModels.Rows(1, seed: 9)[0], "oak"));
        Answer prediction = await server.PostAsync("/v1/predict", row);
        JsonObject feedback = new() { ["id"] = prediction.Json["id"]!.DeepClone(), ["label"] = "oak" };

        Answer learned = await server.PostAsync("/v1/feedback", feedback, Key);
        Answer again = await server.PostAsync("/v1/feedback", feedback.DeepClone(), Key);
        Answer explained = await server.PostAsync("/v1/explain?top=1", row.DeepClone());

        Assert.AreEqual("""{"entryId":60,"entryCount":61}""", learned.Text);
        again.AssertProblem(
            404, "Not Found", "The id must be that of one of the latest predictions, without feedback yet. It is not.");
        Assert.AreEqual(60, (long)explained.Json["neighbors"]![0]!["id"]!);
        Assert.AreEqual("oak", (string?)explained.Json["neighbors"]![0]!["label"]);
    }

    [TestMethod]
    [DataRow("{}")]
    [DataRow("""{"id":"x"}""")]
    [DataRow("""{"id":"x","label":null}""")]
    [DataRow("""{"id":"x","label":"oak","more":1}""")]
    public async Task Feedback_refuses_a_body_that_is_none(string body)
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(path => TestModels.SaveVisual(path));

        Answer answer = await server.PostAsync("/v1/feedback", JsonNode.Parse(body)!, Key);

        answer.AssertProblem(
            400, "Bad Request", "The body must be an object with the texts \"id\" and \"label\" and nothing else.");
    }

    [TestMethod]
    public async Task Old_predictions_are_forgotten()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(
            path => TestModels.SaveVisual(path), settings: ("RememberedPredictions", "2"));
        var ids = new List<JsonNode>();
        foreach (TestRow row in TestModels.Rows(3, seed: 9))
            ids.Add((await server.PostAsync("/v1/predict", TestModels.Json(row))).Json["id"]!.DeepClone());

        Answer old = await server.PostAsync("/v1/feedback", new JsonObject { ["id"] = ids[0], ["label"] = "ash" }, Key);
        Answer late = await server.PostAsync("/v1/feedback", new JsonObject { ["id"] = ids[2], ["label"] = "ash" }, Key);

        Assert.AreEqual(404, old.Status);
        Assert.AreEqual(200, late.Status, late.Text);
    }

    [TestMethod]
    public async Task Adaptive_memory_adapts_while_it_is_told_to()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(TestModels.SaveAdaptive);
        JsonObject row = TestModels.Json(TestModels.Rows(1, seed: 9)[0]);

        Answer still = await server.PostAsync("/v1/predict", row);
        Answer on = await server.SendAsync(HttpMethod.Put, "/v1/adaptation", new JsonObject { ["enabled"] = true }, Key);
        Answer adapted = await server.PostAsync("/v1/predict", row.DeepClone());
        Answer corrected = await server.PostAsync(
            "/v1/feedback", new JsonObject { ["id"] = adapted.Json["id"]!.DeepClone(), ["label"] = "birch" }, Key);
        Answer off = await server.SendAsync(HttpMethod.Put, "/v1/adaptation", new JsonObject { ["enabled"] = false }, Key);
        Answer last = await server.PostAsync("/v1/predict", row.DeepClone());

        Assert.IsNull(still.Json["entryId"]);
        Assert.AreEqual("""{"enabled":true}""", on.Text);
        Assert.IsNotNull(adapted.Json["entryId"]);
        Assert.IsNotNull(adapted.Json["confidence"]);
        Assert.AreEqual(61, (int)corrected.Json["entryCount"]!, corrected.Text);
        Assert.AreEqual("""{"enabled":false}""", off.Text);
        Assert.IsNull(last.Json["entryId"]);
    }

    [TestMethod]
    public async Task Compressed_memory_takes_and_forgets_examples()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(TestModels.SaveCompressed);
        IReadOnlyList<TestRow> rows = TestModels.Rows(2, seed: 9, firstId: 70);

        Answer added = await server.PostAsync("/v1/examples", TestModels.Json(rows, areExamples: true), Key);
        Answer taken = await server.PostAsync("/v1/examples", TestModels.Json(rows, areExamples: true), Key);
        Answer removed = await server.SendAsync(HttpMethod.Delete, "/v1/examples/70", key: Key);
        Answer model = await server.GetAsync("/v1/model");

        Assert.AreEqual("""{"ids":[70,71],"entryCount":62}""", added.Text);
        taken.AssertProblem(409, "Conflict", "Id 70 must be free. It is taken.");
        Assert.AreEqual("""{"entryCount":61}""", removed.Text);
        Assert.AreEqual("compressed memory", (string?)model.Json["kind"]);
    }

    [TestMethod]
    public async Task Adaptation_needs_an_adaptive_memory()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(path => TestModels.SaveVisual(path));

        Answer answer = await server.SendAsync(
            HttpMethod.Put, "/v1/adaptation", new JsonObject { ["enabled"] = true }, Key);
        Answer body = await server.SendAsync(HttpMethod.Put, "/v1/adaptation", new JsonObject { ["enabled"] = 1 }, Key);

        answer.AssertProblem(409, "Conflict", "The model must hold an adaptive memory to adapt. It does not.");
        body.AssertProblem(
            400, "Bad Request", "The body must be an object with \"enabled\", true or false, and nothing else.");
    }

    [TestMethod]
    public async Task Explanation_needs_a_visual_memory()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(TestModels.SaveAdaptive);

        Answer answer = await server.PostAsync("/v1/explain", TestModels.Json(TestModels.Rows(1, seed: 9)[0]));

        answer.AssertProblem(409, "Conflict", "The model must hold one visual memory to be explained. It does not.");
    }

    [TestMethod]
    public async Task Download_and_snapshot_hold_what_was_added()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(path => TestModels.SaveVisual(path));
        TestRow row = Moved(TestModels.Rows(1, seed: 9, firstId: 90)[0], "oak");
        await server.PostAsync("/v1/examples", TestModels.Json([row], areExamples: true), Key);

        Answer snapshot = await server.SendAsync(HttpMethod.Post, "/v1/snapshot", key: Key);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/model.zip");
        request.Headers.Authorization = new("Bearer", Key);
        using HttpResponseMessage response = await server.Client.SendAsync(request);
        string path = Path.Combine(server.Folder, "downloaded.zip");
        await File.WriteAllBytesAsync(path, await response.Content.ReadAsByteArrayAsync());
        var context = new Microsoft.ML.MLContext();
        var model = new ServedModel(context.Model.Load(path, out Microsoft.ML.DataViewSchema schema), schema);

        Assert.AreEqual(61, (int)snapshot.Json["entryCount"]!, snapshot.Text);
        Assert.IsGreaterThan(0, (long)snapshot.Json["bytes"]!);
        Assert.AreEqual("application/zip", response.Content.Headers.ContentType!.ToString());
        Assert.AreEqual(61, model.Memory!.EntryCount);
        Assert.IsTrue(model.Memory.Holds(90));
        Assert.AreEqual(
            0, Directory.EnumerateFiles(server.ModelPath + ".memory", "*.download").Count());
    }

    /// <summary>Gives a row far from those of the known classes, and another label.</summary>
    private static TestRow Moved(TestRow row, string label) => new()
    {
        Id = row.Id,
        Label = label,
        Features = [.. row.Features.Select((value, place) => place == 7 ? -9 : value)],
    };
}
