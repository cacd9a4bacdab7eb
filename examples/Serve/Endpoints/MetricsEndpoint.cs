// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;

namespace MemoryServe;

/// <summary>Metrics in the text form that Prometheus reads.</summary>
internal sealed class MetricsEndpoint(ServeMetrics metrics, ModelHost host, PredictionBatcher batcher)
{
    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/metrics", WriteAsync);

    private Task WriteAsync(HttpContext context)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        metrics.Write(text);
        Exposition.Gauge(text, "memory_serve_queued_rows", "Rows that wait for a batch.", batcher.QueuedRows);
        Deployment? deployment = host.Current;
        Exposition.Gauge(
            text, "memory_serve_ready", "1 where a model serves, else 0.", deployment is null ? 0 : 1);
        Exposition.Gauge(
            text,
            "memory_serve_degraded",
            "1 where the model file was not taken when it was last tried, else 0.",
            host.Report.Failure is null ? 0 : 1);
        if (deployment?.Store is { EntryCount: { } count } store)
        {
            // What an adaptive memory is now costs a copy; its entries have the same size all the time.
            MemoryFace memory = (store.Shape.Memory!.Adaptive is null ? store.Current : store.Shape).Memory!;
            Exposition.Gauge(text, "memory_serve_entries", "Entries of the memory.", count);
            Exposition.Gauge(
                text,
                "memory_serve_entry_bytes",
                "Bytes of the entries of the memory: their vectors, or their codes.",
                memory.Adaptive is null ? memory.EntryBytes : (double)count * memory.Dimension * sizeof(float));
        }

        Exposition.Gauge(
            text, "process_resident_memory_bytes", "Bytes of memory of the process.", Environment.WorkingSet);
        context.Response.ContentType = Exposition.ContentType;
        return context.Response.WriteAsync(text.ToString());
    }
}
