// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Net;
using System.Text;

namespace MemoryServe;

[TestClass]
public sealed class ConnectionTests
{
    [TestMethod]
    [DataRow("/v1/predict", "{}")]
    [DataRow("/v1/predict", "{\"Features\":")]
    [DataRow("/v1/predict/batch", "[]")]
    [DataRow("/v1/explain", "no json")]
    public async Task Connection_of_a_refused_body_serves_the_next_request(string path, string body)
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(path => TestModels.SaveVisual(path));
        int connections = 0;
        using var client = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (context, cancellation) =>
            {
                Interlocked.Increment(ref connections);
                var socket = new System.Net.Sockets.Socket(
                    System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
                await socket.ConnectAsync(context.DnsEndPoint, cancellation);
                return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
            },
        });

        for (int round = 0; round < 5; round++)
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            using HttpResponseMessage refused = await client.PostAsync(
                new Uri(server.Client.BaseAddress!, path), content);
            Assert.AreEqual(HttpStatusCode.BadRequest, refused.StatusCode);
            await Task.Delay(20);
        }

        Assert.AreEqual(1, connections);
    }
}
