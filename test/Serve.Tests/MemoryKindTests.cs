// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Text.Json.Nodes;

namespace MemoryServe;

[TestClass]
public sealed class MemoryKindTests
{
    private const string Key = ServerUnderTest.Key;

    [TestMethod]
    public async Task Adaptive_memory_adapts_while_it_is_told_to()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(TestModels.SaveAdaptive);
        JsonObject row = TestModels.Json(TestModels.Rows(1, seed: 9)[0]);

        Answer still = await server.PostAsync("/v1/predict", row);
        Answer on = await server.SendAsync(
            HttpMethod.Put, "/v1/adaptation", new JsonObject { ["enabled"] = true }, Key);
        Answer adapted = await server.PostAsync("/v1/predict", row.DeepClone());
        Answer corrected = await server.PostAsync(
            "/v1/feedback", new JsonObject { ["id"] = adapted.Json["id"]!.DeepClone(), ["label"] = "birch" }, Key);
        Answer off = await server.SendAsync(
            HttpMethod.Put, "/v1/adaptation", new JsonObject { ["enabled"] = false }, Key);
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
    public async Task Model_without_a_memory_cannot_be_changed()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(path => TestModels.SaveVisual(path));
        var model = new ServedModel(new BrokenTransformer(), BrokenTransformer.InputSchema);
        server.Get<ModelHost>().Exchange(new Deployment("other", new ReadOnlyStore(model), default));

        Answer change = await server.SendAsync(HttpMethod.Delete, "/v1/examples/1", key: Key);
        Answer snapshot = await server.SendAsync(HttpMethod.Post, "/v1/snapshot", key: Key);
        Answer described = await server.GetAsync("/v1/model");

        change.AssertProblem(409, "Conflict", "The model must hold one memory that can be changed. It does not.");
        snapshot.AssertProblem(409, "Conflict", "The model must hold one memory that can be changed. It does not.");
        Assert.AreEqual("classifier", (string?)described.Json["kind"]);
        Assert.IsFalse((bool)described.Json["isWritable"]!);
    }
}
