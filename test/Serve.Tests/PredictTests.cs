// Licensed under the MIT License. See LICENSE in the project root for license information.

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
}
