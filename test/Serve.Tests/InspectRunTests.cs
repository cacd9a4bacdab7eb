// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace MemoryServe;

[TestClass]
public sealed class InspectRunTests
{
    [TestMethod]
    public async Task Program_serves_one_model_and_prints_where_to_look()
    {
        string folder = Directory.CreateTempSubdirectory("memory-serve-").FullName;
        string model = Path.Combine(folder, "model.zip");
        TestModels.SaveVisual(model);
        byte[] before = await File.ReadAllBytesAsync(model);
        using Process process = Start("--inspect", model, "--Serve:ApiKey=a key of somebody else");
        var page = new Uri((await process.StandardOutput.ReadLineAsync())!);
        using var client = new HttpClient { BaseAddress = page };
        string key = page.Fragment["#key=".Length..];

        using HttpResponseMessage refused = await client.GetAsync("/v1/inspect");
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using HttpResponseMessage removed = await client.DeleteAsync("/v1/examples/1");
        JsonNode memory = JsonNode.Parse(await client.GetStringAsync("/v1/inspect"))!;
        process.Kill();
        string rest = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.AreEqual("127.0.0.1", page.Host);
        Assert.AreEqual("/inspector/", page.AbsolutePath);
        Assert.AreEqual(32, key.Length);
        Assert.AreEqual(401, (int)refused.StatusCode);
        Assert.AreEqual(200, (int)removed.StatusCode);
        Assert.AreEqual(59, (int)memory["entryCount"]!);
        Assert.AreEqual("", rest);
        CollectionAssert.AreEqual(before, await File.ReadAllBytesAsync(model));
        Directory.Delete(folder, recursive: true);
    }

    [TestMethod]
    public async Task Program_names_what_cannot_be_inspected()
    {
        string path = Path.GetTempFileName();

        (int code, string output, string error) none = await RunAsync("--inspect");
        (int code, string output, string error) noModel = await RunAsync("--inspect", path);
        (int code, string output, string error) noFile = await RunAsync("--inspect", "no-such-model.zip");
        Directory.Delete(path + ".memory", recursive: true);
        File.Delete(path);

        Assert.AreEqual((2, "", "--inspect must be followed by the path of a model.zip. Got none.\n"), none);
        Assert.AreEqual(
            (1, "", $"'{path}' cannot be inspected. The file must be a whole model.zip of ML.NET.\n"), noModel);
        string full = Path.GetFullPath("no-such-model.zip"); // says where it was looked for
        Assert.AreEqual((1, "", $"'{full}' cannot be inspected. The model file must be there. Got none.\n"), noFile);
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using Process process = Start(arguments);
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output, (await error).ReplaceLineEndings("\n"));
    }

    private static Process Start(params string[] arguments)
    {
        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        return Process.Start(new ProcessStartInfo(
            host, [Path.Combine(AppContext.BaseDirectory, "Serve.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
    }
}
