// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory;

namespace MemoryServe;

/// <summary>One entry: what is stored, why the others would predict what they do, and its picture.</summary>
internal sealed class EntryEndpoints(InspectionGate gate, Pictures pictures, ExplainTurn turn)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/inspect/entries/{id}", context => gate.ServeAsync(context, ShowAsync));
        routes.MapGet("/v1/inspect/entries/{id}/picture", context => gate.ServeAsync(context, DrawAsync));
    }

    private async Task ShowAsync(HttpContext context, InspectedMemory memory)
    {
        int top = Query.Top(context);
        Entry entry = memory.Find(context);
        ExplanationAnswer? explanation = memory.Face.Visual is { } visual
            ? await turn.ExplainAsync(() => visual.ExplainEntry(entry.Id), top, context.RequestAborted)
            : null;
        var answer = new EntryAnswer(
            entry.Id, memory.ClassNames[entry.Label], entry.Weight, memory.VectorOf(entry), explanation);
        await context.Response.WriteAsJsonAsync(answer, ServeJson.Default.EntryAnswer);
    }

    private async Task DrawAsync(HttpContext context, InspectedMemory memory)
    {
        (byte[] file, string type) = await pictures.OfAsync(memory, memory.Find(context), context.RequestAborted);
        context.Response.ContentType = type;
        context.Response.ContentLength = file.Length;
        await context.Response.Body.WriteAsync(file, context.RequestAborted);
    }
}
