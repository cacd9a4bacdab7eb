// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using Microsoft.Extensions.Options;
using Microsoft.ML;

namespace MemoryServe;

/// <summary>A batcher that begins to work only when it is told to, so that what waits for it is known.</summary>
internal sealed class StoppedBatcher : IAsyncDisposable
{
    private readonly string _path = Path.GetTempFileName();
    private readonly ServeMetrics _metrics = new();
    private bool _runs;

    public StoppedBatcher(int queuedRows)
    {
        TestModels.SaveVisual(_path);
        ITransformer pipeline = new MLContext().Model.Load(_path, out DataViewSchema schema);
        Deployment = new Deployment("1", new ReadOnlyStore(new ServedModel(pipeline, schema)), default);
        Batcher = new PredictionBatcher(Options.Create(new ServeOptions { QueuedRows = queuedRows }), _metrics);
    }

    public PredictionBatcher Batcher { get; }

    public Deployment Deployment { get; }

    public Row[] Rows(int count) => [.. TestModels.Rows(count, seed: 9).Select(row =>
    {
        object?[] values = new object?[Deployment.Input.Schema.Count];
        values[Deployment.Input.Schema["Features"].Index] = row.Features;
        return new Row(values);
    })];

    /// <summary>Works until nothing waits any more.</summary>
    public async Task RunAsync()
    {
        _runs = true;
        await Batcher.StartAsync(default);
        await Batcher.StopAsync(default);
    }

    public string MetricsText()
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        _metrics.Write(text);
        return text.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_runs) await RunAsync();
        Batcher.Dispose();
        File.Delete(_path);
    }
}
