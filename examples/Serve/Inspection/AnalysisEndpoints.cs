// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace MemoryServe;

/// <summary>The analysis of a memory: a task in the background, and what it found.</summary>
internal sealed class AnalysisEndpoints(InspectionGate gate, AnalysisRunner runner)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/inspect/analysis", context => gate.ServeAsync(context, AnswerAsync));
        routes.MapPost("/v1/inspect/analysis", context => gate.ServeAsync(context, StartAsync));
        routes.MapDelete("/v1/inspect/analysis", context => gate.ServeAsync(context, StopAsync));
        routes.MapGet("/v1/inspect/analysis/result", context => gate.ServeAsync(context, ResultAsync))
            .DisableRequestTimeout();
    }

    private static Task AnswerAsync(HttpContext context, InspectedMemory memory)
    {
        AnalysisAnswer answer = memory.Deployment.Inspection.Analysis?.ToAnswer()
            ?? new AnalysisAnswer("none", 0, null, null, memory.Sequence, memory.Entries.Count, 0);
        return context.Response.WriteAsJsonAsync(answer, ServeJson.Default.AnalysisAnswer);
    }

    private static Task ResultAsync(HttpContext context, InspectedMemory memory)
        => memory.Deployment.Inspection.Analysis?.Result is { } result
            ? AnalysisJson.WriteAsync(context, result)
            : throw new RequestProblem(
                StatusCodes.Status409Conflict, "The analysis must be ready. It is not. Start it and wait for it.");

    private Task StartAsync(HttpContext context, InspectedMemory memory)
    {
        context.Response.StatusCode = StatusCodes.Status202Accepted;
        return context.Response.WriteAsJsonAsync(runner.Start(memory).ToAnswer(), ServeJson.Default.AnalysisAnswer);
    }

    private Task StopAsync(HttpContext context, InspectedMemory memory)
    {
        runner.Stop(memory.Deployment);
        return AnswerAsync(context, memory);
    }
}
