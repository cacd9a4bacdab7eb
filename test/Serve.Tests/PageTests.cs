// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.DependencyInjection;

namespace MemoryServe;

[TestClass]
public sealed class PageTests
{
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
        + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    [TestMethod]
    [DataRow("/inspector/", "index.html", "text/html; charset=utf-8")]
    [DataRow("/inspector/index.html", "index.html", "text/html; charset=utf-8")]
    [DataRow("/inspector/app.js", "app.js", "text/javascript; charset=utf-8")]
    [DataRow("/inspector/app.css", "app.css", "text/css; charset=utf-8")]
    [DataRow("/inspector/licenses.txt", "licenses.txt", "text/plain; charset=utf-8")]
    public async Task File_of_the_page_comes_with_a_policy_of_its_own(string path, string content, string type)
    {
        await using ServerUnderTest server = await StartAsync();

        Answer answer = await server.GetAsync(path);

        Assert.AreEqual(200, answer.Status, answer.Text);
        Assert.AreEqual(content, answer.Text);
        Assert.AreEqual(type, answer.ContentType);
        Assert.AreEqual(Policy, answer.Headers["Content-Security-Policy"]);
        Assert.AreEqual("no-cache", answer.Headers["Cache-Control"]);
        Assert.AreEqual("nosniff", answer.Headers["X-Content-Type-Options"]);
        Assert.AreEqual("DENY", answer.Headers["X-Frame-Options"]);
        Assert.AreEqual("no-referrer", answer.Headers["Referrer-Policy"]);
    }

    [TestMethod]
    public async Task File_that_the_client_has_is_not_sent_again()
    {
        await using ServerUnderTest server = await StartAsync();
        string tag = (await server.GetAsync("/inspector/app.js")).Headers["ETag"];

        Answer same = await GetAsync(server, "/inspector/app.js", $"\"other\", {tag}");
        Answer other = await GetAsync(server, "/inspector/app.css", tag);

        Assert.AreEqual(304, same.Status);
        Assert.AreEqual("", same.Text);
        Assert.AreEqual(tag, same.Headers["ETag"]);
        Assert.AreEqual(200, other.Status);
    }

    [TestMethod]
    public async Task Address_without_a_slash_leads_to_the_page()
    {
        await using ServerUnderTest server = await StartAsync();
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });

        using HttpResponseMessage answer = await client.GetAsync(new Uri(server.Client.BaseAddress!, "/inspector"));

        Assert.AreEqual(HttpStatusCode.Found, answer.StatusCode);
        Assert.AreEqual("inspector/", answer.Headers.Location!.OriginalString);
    }

    [TestMethod]
    [DataRow("/inspector/app.ts")]
    [DataRow("/inspector/..%2findex.html")]
    [DataRow("/inspector/openapi.json")]
    [DataRow("/inspector/a/index.html")]
    public async Task Other_files_are_not_there(string path)
    {
        await using ServerUnderTest server = await StartAsync();

        Answer answer = await server.GetAsync(path);

        answer.AssertProblem(404, "Not Found", "The path must be one of those in /openapi.json. It is not.");
        Assert.AreEqual(
            "default-src 'none'; frame-ancestors 'none'", answer.Headers["Content-Security-Policy"]);
    }

    [TestMethod]
    [DataRow("/inspector/")]
    [DataRow("/inspector/app.js")]
    public async Task Server_without_the_page_says_how_to_build_it(string path)
    {
        await using ServerUnderTest server = await ServerUnderTest.StartWithAsync(
            services => services.AddSingleton(new PageFiles(_ => null)), file => TestModels.SaveVisual(file));

        Answer answer = await server.GetAsync(path);

        answer.AssertProblem(
            404,
            "Not Found",
            "The inspector's page must be built into the server. It is not. "
            + "Install npm and build examples/Serve again.");
    }

    private static Task<ServerUnderTest> StartAsync() => ServerUnderTest.StartWithAsync(
        services => services.AddSingleton(new PageFiles(Encoding.UTF8.GetBytes)),
        file => TestModels.SaveVisual(file));

    private static async Task<Answer> GetAsync(ServerUnderTest server, string path, string tags)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (string tag in tags.Split(", ")) request.Headers.IfNoneMatch.Add(EntityTagHeaderValue.Parse(tag));
        using HttpResponseMessage response = await server.Client.SendAsync(request);
        return await Answer.OfAsync(response);
    }
}
