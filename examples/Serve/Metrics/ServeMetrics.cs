// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace MemoryServe;

/// <summary>What the server counts and measures.</summary>
internal sealed class ServeMetrics
{
    private int _requestsAtWork;

    public Counter Requests { get; } = new(
        "memory_serve_requests_total", "Requests answered, by route and status.", "method", "route", "status");

    public Counter Refused { get; } = new(
        "memory_serve_overload_total", "Requests refused because too much was asked at once.", "reason");

    public Counter Cancelled { get; } = new(
        "memory_serve_cancelled_total", "Requests whose client went away before the answer.");

    public Counter ModelLoads { get; } = new(
        "memory_serve_model_loads_total", "Loads of the model file, the first one included.", "result");

    public Counter Changes { get; } = new(
        "memory_serve_changes_total", "Changes of the memory that were acknowledged.", "kind");

    public Histogram RequestSeconds { get; } = new(
        "memory_serve_request_seconds",
        "Seconds from the header of a request to the end of its answer, for requests below /v1.",
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10);

    public Histogram BatchRows { get; } = new(
        "memory_serve_batch_rows", "Rows predicted together.", 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024);

    /// <summary>Counts a request below /v1 that begins.</summary>
    /// <returns>Requests at work now, this one included.</returns>
    public int BeginRequest() => Interlocked.Increment(ref _requestsAtWork);

    /// <summary>Counts a request that ends.</summary>
    public void EndRequest() => Interlocked.Decrement(ref _requestsAtWork);

    public void Write(TextWriter text)
    {
        Requests.Write(text);
        Refused.Write(text);
        Cancelled.Write(text);
        ModelLoads.Write(text);
        Changes.Write(text);
        RequestSeconds.Write(text);
        BatchRows.Write(text);
        Exposition.Gauge(
            text,
            "memory_serve_requests_at_work",
            "Requests below /v1 that are not answered yet.",
            Volatile.Read(ref _requestsAtWork));
    }
}
