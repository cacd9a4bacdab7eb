// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MemoryServe;

/// <summary>A server of its own on a free port of the loopback, with a folder of its own.</summary>
internal sealed class ServerUnderTest : IAsyncDisposable
{
    public const string Key = "a key for tests only";

    private readonly bool _ownsFolder;
    private readonly WebApplication _app;

    private ServerUnderTest(WebApplication app, string folder, bool ownsFolder)
    {
        _app = app;
        Folder = folder;
        _ownsFolder = ownsFolder;
        Client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 64 })
        {
            BaseAddress = new Uri(app.Urls.Single()),
        };
    }

    public string Folder { get; }

    public string ModelPath => Path.Combine(Folder, "model.zip");

    public HttpClient Client { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>Starts a server.</summary>
    /// <param name="save">Writes the model; null leaves what is there.</param>
    /// <param name="folder">Folder of the model; null makes one that goes with the server.</param>
    /// <param name="settings">Name and value of settings.</param>
    public static Task<ServerUnderTest> StartAsync(
        Action<string>? save, string? folder = null, params (string Name, string Value)[] settings)
        => StartWithAsync(_ => { }, save, folder, settings);

    /// <summary>Starts a server with services of the test's own, such as a clock.</summary>
    /// <param name="add">Adds the services.</param>
    /// <param name="save">Writes the model; null leaves what is there.</param>
    /// <param name="folder">Folder of the model; null makes one that goes with the server.</param>
    /// <param name="settings">Name and value of settings.</param>
    public static async Task<ServerUnderTest> StartWithAsync(
        Action<IServiceCollection> add,
        Action<string>? save,
        string? folder = null,
        params (string Name, string Value)[] settings)
    {
        bool ownsFolder = folder is null;
        folder ??= Directory.CreateTempSubdirectory("memory-serve-").FullName;
        string model = Path.Combine(folder, "model.zip");
        save?.Invoke(model);
        WebApplication app = ServeApp.Create([], builder =>
        {
            builder.Logging.ClearProviders();
            add(builder.Services);
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["urls"] = "http://127.0.0.1:0",
                ["Serve:Model"] = model,
                ["Serve:ApiKey"] = Key,
                ["Serve:ReloadInterval"] = "00:00:00.020",
            });
            builder.Configuration.AddInMemoryCollection(
                settings.Select(each => KeyValuePair.Create("Serve:" + each.Name, (string?)each.Value)));
        });
        await app.StartAsync();
        return new ServerUnderTest(app, folder, ownsFolder);
    }

    public T Get<T>()
        where T : notnull
        => _app.Services.GetRequiredService<T>();

    public Task StopAsync() => _app.StopAsync();

    /// <summary>Sends a request with a JSON body, with the key where it is asked for.</summary>
    public async Task<Answer> SendAsync(HttpMethod method, string path, JsonNode? body = null, string? key = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        if (key is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using HttpResponseMessage response = await Client.SendAsync(request);
        return await Answer.OfAsync(response);
    }

    public Task<Answer> PostAsync(string path, JsonNode body, string? key = null)
        => SendAsync(HttpMethod.Post, path, body, key);

    public Task<Answer> GetAsync(string path, string? key = null) => SendAsync(HttpMethod.Get, path, null, key);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        if (_ownsFolder) Directory.Delete(Folder, recursive: true);
    }
}
