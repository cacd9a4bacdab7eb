// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.Extensions.Options;
using Microsoft.ML;

namespace MemoryServe;

/// <summary>The memory as files: a snapshot on the server's disk, and a download.</summary>
internal sealed class FileEndpoints(ModelHost host, ApiKeyGate gate, IOptions<ServeOptions> options)
{
    private const int BufferBytes = 1 << 16;

    private readonly MLContext _mlContext = new();

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/snapshot", SnapshotAsync).DisableRequestTimeout();
        routes.MapGet("/v1/model.zip", DownloadAsync).DisableRequestTimeout();
    }

    private async Task SnapshotAsync(HttpContext context)
    {
        gate.Check(context);
        Deployment deployment = host.Use();
        try
        {
            DurableStore store = deployment.Store.Changes ?? throw new RequestProblem(
                StatusCodes.Status409Conflict, "The model must hold one memory that can be changed. It does not.");
            long bytes = await store.CompactAsync(context.RequestAborted);
            await context.Response.WriteAsJsonAsync(
                new SnapshotAnswer(store.EntryCount ?? 0, bytes), ServeJson.Default.SnapshotAnswer);
        }
        finally
        {
            deployment.EndUse();
        }
    }

    private async Task DownloadAsync(HttpContext context)
    {
        gate.Check(context);
        Deployment deployment = host.Use();
        try
        {
            await using FileStream file = Save(deployment.Store.Current);
            context.Response.ContentType = "application/zip";
            context.Response.ContentLength = file.Length;
            context.Response.Headers.ContentDisposition = "attachment; filename=\"model.zip\"";
            await file.CopyToAsync(context.Response.Body, BufferBytes, context.RequestAborted);
        }
        finally
        {
            deployment.EndUse();
        }
    }

    /// <summary>Saves the model into a file that goes when it is closed.</summary>
    private FileStream Save(ServedModel model)
    {
        var file = new FileStream(
            Path.Combine(options.Value.MemoryPath, Path.GetRandomFileName() + ".download"),
            FileMode.CreateNew,
            FileAccess.ReadWrite,
            FileShare.None,
            BufferBytes,
            FileOptions.DeleteOnClose | FileOptions.Asynchronous);
        _mlContext.Model.Save(model.Pipeline, model.Input.Schema, file);
        file.Position = 0;
        return file;
    }
}
