// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace MemoryServe;

/// <summary>How predictions went lately.</summary>
internal sealed class TrendEndpoint(InspectionGate gate, Trend trend)
{
    public void Map(IEndpointRouteBuilder routes)
        => routes.MapGet("/v1/inspect/trend", context => gate.ServeAsync(context, AnswerAsync));

    private Task AnswerAsync(HttpContext context, Deployment deployment)
    {
        TrendReference? reference = deployment.Inspection.Analysis?.Result?.MeanConfidence is { } confidence
            ? new TrendReference(confidence)
            : null;
        return context.Response.WriteAsJsonAsync(
            new TrendAnswer(Trend.BucketSeconds, reference, trend.Read()), ServeJson.Default.TrendAnswer);
    }
}
