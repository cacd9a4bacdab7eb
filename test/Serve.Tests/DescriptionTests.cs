// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;

namespace MemoryServe;

[TestClass]
public sealed class DescriptionTests
{
    [TestMethod]
    public async Task Openapi_document_names_exactly_the_routes()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(path => TestModels.SaveVisual(path));

        Answer answer = await server.GetAsync("/openapi.json");
        string[] documented = [.. answer.Json["paths"]!.AsObject().SelectMany(
            path => path.Value!.AsObject().Select(method => $"{method.Key.ToUpperInvariant()} {path.Key}"))];
        string[] routes = [.. server.Get<EndpointDataSource>().Endpoints.Cast<RouteEndpoint>().SelectMany(
            route => route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods
                .Select(method => $"{method} {route.RoutePattern.RawText}"))];

        Assert.AreEqual("3.1.0", (string?)answer.Json["openapi"]);
        CollectionAssert.AreEquivalent(routes, documented);
    }

    [TestMethod]
    public async Task Openapi_document_asks_for_the_key_where_the_server_does()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(path => TestModels.SaveVisual(path));
        JsonObject paths = (await server.GetAsync("/openapi.json")).Json["paths"]!.AsObject();

        foreach ((string path, JsonNode? methods) in paths)
        {
            foreach ((string method, JsonNode? operation) in methods!.AsObject())
            {
                Answer answer = await server.SendAsync(
                    new HttpMethod(method.ToUpperInvariant()), path.Replace("{id}", "1", StringComparison.Ordinal));
                Assert.AreEqual(operation!["security"] is not null, answer.Status == 401, $"{method} {path}");
                bool isListed = operation["responses"]![TestModels.Text(answer.Status)] is not null;
                Assert.IsTrue(isListed, $"{method} {path} answers {answer.Status}.");
            }
        }
    }

    [TestMethod]
    public async Task Openapi_references_lead_somewhere()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(path => TestModels.SaveVisual(path));
        JsonNode document = (await server.GetAsync("/openapi.json")).Json;

        foreach (string reference in References(document))
        {
            JsonNode? target = reference["#/".Length..].Split('/').Aggregate(
                (JsonNode?)document, (node, name) => node?[name]);
            Assert.IsNotNull(target, reference);
        }
    }

    [TestMethod]
    public async Task Model_is_described_as_it_is()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(path => TestModels.SaveVisual(path));

        JsonObject model = (await server.GetAsync("/v1/model")).Json.AsObject();
        model.Remove("version");
        model.Remove("loadedAt");

        Assert.AreEqual(
            """{"kind":"visual memory","classes":["ash","birch","cedar"],"input":["""
            + """{"name":"Id","type":"integer","isNeeded":false},{"name":"Label","type":"string","isNeeded":false},"""
            + """{"name":"Features","type":"array","size":8,"isNeeded":true}"""
            + """],"entryCount":60,"isWritable":true,"isAdapting":false}""",
            model.ToJsonString());
    }

    [TestMethod]
    public async Task Metrics_count_requests_and_times()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(path => TestModels.SaveVisual(path));
        JsonObject row = TestModels.Json(TestModels.Rows(1, seed: 9)[0]);
        await server.PostAsync("/v1/predict", row);
        await server.PostAsync("/v1/predict", new JsonObject());
        await server.SendAsync(HttpMethod.Delete, "/v1/examples/3", key: ServerUnderTest.Key);

        Metrics metrics = await Metrics.ReadAsync(server);

        Assert.AreEqual(
            1, metrics["memory_serve_requests_total{method=\"POST\",route=\"/v1/predict\",status=\"200\"}"]);
        Assert.AreEqual(
            1, metrics["memory_serve_requests_total{method=\"POST\",route=\"/v1/predict\",status=\"400\"}"]);
        Assert.AreEqual(1, metrics["memory_serve_changes_total{kind=\"remove\"}"]);
        Assert.AreEqual(3, metrics["memory_serve_request_seconds_count"]);
        Assert.AreEqual(3, metrics["memory_serve_request_seconds_bucket{le=\"+Inf\"}"]);
        Assert.AreEqual(1, metrics["memory_serve_batch_rows_bucket{le=\"1\"}"]);
        Assert.AreEqual(59, metrics["memory_serve_entries"]);
        Assert.AreEqual(59 * TestModels.Dimension * 4, metrics["memory_serve_entry_bytes"]);
        Assert.AreEqual(1, metrics["memory_serve_ready"]);
        Assert.IsGreaterThan(0, metrics["process_resident_memory_bytes"]);
    }

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject each => each.SelectMany(
            member => member.Key == "$ref" ? [(string)member.Value!] : References(member.Value)),
        JsonArray each => each.SelectMany(References),
        _ => [],
    };
}
