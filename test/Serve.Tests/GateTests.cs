// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.AspNetCore.Routing;

namespace MemoryServe;

/// <summary>Every route of the server, and who may use it.</summary>
[TestClass]
public sealed class GateTests
{
    private static readonly string[] _open =
    [
        "GET /health", "GET /health/live", "GET /health/ready", "GET /inspector", "GET /inspector/{file}",
        "GET /metrics", "GET /openapi.json", "GET /v1/model", "POST /v1/explain", "POST /v1/explain/image",
        "POST /v1/predict", "POST /v1/predict/batch", "POST /v1/predict/image",
    ];

    [TestMethod]
    [DataRow("", 403, "")]
    [DataRow(ServerUnderTest.Key, 401, "")]
    [DataRow(ServerUnderTest.Key, 401, "another key of tests")]
    public async Task Only_what_is_meant_to_be_open_is_open(string key, int refused, string given)
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(
            path => TestModels.SaveVisual(path), settings: ("ApiKey", key));
        var open = new List<string>();

        foreach (RouteEndpoint route in server.Get<EndpointDataSource>().Endpoints.Cast<RouteEndpoint>())
        {
            string method = route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Single();
            string path = route.RoutePattern.RawText!;
            foreach (string id in (string[])["1", "none"])
            {
                string address = path.Replace("{id}", id, StringComparison.Ordinal);
                Answer answer = await server.SendAsync(new HttpMethod(method), address, key: given);
                Answer upper = await server.SendAsync(new HttpMethod(method), address.ToUpperInvariant(), key: given);
                Assert.AreEqual(answer.Status, upper.Status, address);
                if (answer.Status != refused) open.Add($"{method} {path}");
            }
        }

        CollectionAssert.AreEquivalent(_open, open.Distinct().ToArray());
    }
}
