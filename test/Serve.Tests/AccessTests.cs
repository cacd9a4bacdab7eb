// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace MemoryServe;

[TestClass]
public sealed class AccessTests
{
    private const string NoKey = "The request must have the header 'Authorization: Bearer' with the API key.";

    [TestMethod]
    [DataRow("POST", "/v1/examples")]
    [DataRow("DELETE", "/v1/examples/1")]
    [DataRow("POST", "/v1/feedback")]
    [DataRow("PUT", "/v1/adaptation")]
    [DataRow("POST", "/v1/snapshot")]
    [DataRow("GET", "/v1/model.zip")]
    [DataRow("PUT", "/v1/examples/1")]
    [DataRow("PUT", "/v1/examples/1/label")]
    [DataRow("POST", "/v1/examples/image")]
    [DataRow("GET", "/v1/inspect")]
    [DataRow("GET", "/v1/inspect/entries")]
    [DataRow("GET", "/v1/inspect/entries/1")]
    [DataRow("GET", "/v1/inspect/entries/1/picture")]
    [DataRow("GET", "/v1/inspect/analysis")]
    [DataRow("POST", "/v1/inspect/analysis")]
    [DataRow("DELETE", "/v1/inspect/analysis")]
    [DataRow("GET", "/v1/inspect/analysis/result")]
    [DataRow("GET", "/v1/inspect/trend")]
    public async Task Change_or_download_needs_the_key(string method, string path)
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(path => TestModels.SaveVisual(path));

        Answer none = await server.SendAsync(new HttpMethod(method), path);
        Answer wrong = await server.SendAsync(new HttpMethod(method), path, key: ServerUnderTest.Key + "x");

        none.AssertProblem(401, "Unauthorized", NoKey);
        wrong.AssertProblem(401, "Unauthorized", NoKey);
        Assert.AreEqual("Bearer", none.Headers["WWW-Authenticate"]);
    }

    [TestMethod]
    [DataRow("POST", "/v1/examples")]
    [DataRow("GET", "/v1/model.zip")]
    [DataRow("GET", "/v1/inspect/entries/1")]
    public async Task Server_without_key_lets_nobody_change_or_download(string method, string path)
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(
            path => TestModels.SaveVisual(path), settings: ("ApiKey", ""));

        Answer answer = await server.SendAsync(new HttpMethod(method), path, key: "");
        Answer model = await server.GetAsync("/v1/model");

        answer.AssertProblem(
            403, "Forbidden", "The server must have an API key for this. It was started without one.");
        Assert.IsFalse((bool)model.Json["isWritable"]!);
    }

    [TestMethod]
    public async Task Key_can_be_configured_by_its_hash()
    {
        string hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes("another key for tests")));
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(
            path => TestModels.SaveVisual(path), settings: [("ApiKey", ""), ("ApiKeySha256", hash)]);

        Answer answer = await server.SendAsync(HttpMethod.Delete, "/v1/examples/1", key: "another key for tests");

        Assert.AreEqual(200, answer.Status, answer.Text);
    }

    [TestMethod]
    public async Task Key_is_not_kept_in_the_configuration()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(path => TestModels.SaveVisual(path));

        var configuration = server.Get<Microsoft.Extensions.Configuration.IConfiguration>();

        Assert.AreEqual("", configuration["Serve:ApiKey"]);
        Assert.AreEqual("", server.Get<Microsoft.Extensions.Options.IOptions<ServeOptions>>().Value.ApiKey);
    }

    [TestMethod]
    public async Task Every_answer_has_the_headers_of_a_careful_server()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(path => TestModels.SaveVisual(path));

        foreach (string path in (string[])["/v1/model", "/health", "/nowhere"])
        {
            Answer answer = await server.GetAsync(path);

            Assert.AreEqual("nosniff", answer.Headers["X-Content-Type-Options"]);
            Assert.AreEqual("DENY", answer.Headers["X-Frame-Options"]);
            Assert.AreEqual("default-src 'none'; frame-ancestors 'none'", answer.Headers["Content-Security-Policy"]);
            Assert.AreEqual("no-referrer", answer.Headers["Referrer-Policy"]);
            Assert.AreEqual("no-store", answer.Headers["Cache-Control"]);
            Assert.IsFalse(answer.Headers.ContainsKey("Server"));
            Assert.IsFalse(answer.Headers.ContainsKey("Access-Control-Allow-Origin"));
        }
    }

    [TestMethod]
    public async Task Unknown_path_and_method_are_problems()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(path => TestModels.SaveVisual(path));

        Answer path = await server.GetAsync("/v2/predict");
        Answer method = await server.GetAsync("/v1/predict");

        path.AssertProblem(404, "Not Found", "The path must be one of those in /openapi.json. It is not.");
        method.AssertProblem(405, "Method Not Allowed", "The method must be POST. Got GET.");
    }

    [TestMethod]
    public async Task Failure_of_the_server_says_nothing_of_it()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(path => TestModels.SaveVisual(path));
        var broken = new ServedModel(new BrokenTransformer(), BrokenTransformer.InputSchema);
        server.Get<ModelHost>().Exchange(new Deployment("broken", new ReadOnlyStore(broken), default));

        Answer answer = await server.PostAsync("/v1/predict", new JsonObject { ["Number"] = 1 });

        answer.AssertProblem(500, "Internal Server Error", "The server must not fail, but did. Its log tells more.");
    }
}
