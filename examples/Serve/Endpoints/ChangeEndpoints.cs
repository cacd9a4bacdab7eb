// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.Extensions.Options;

namespace MemoryServe;

/// <summary>Changes of the memory: each is answered when it is on disk.</summary>
internal sealed class ChangeEndpoints(
    ChangeGate gate, PredictionLog log, Trend trend, IOptions<ServeOptions> options)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/examples", context => gate.ServeAsync(context, "add", AddAsync));
        routes.MapDelete("/v1/examples/{id}", context => gate.ServeAsync(context, "remove", RemoveAsync));
        routes.MapPost("/v1/feedback", context => gate.ServeAsync(context, "feedback", LearnAsync));
        routes.MapPut("/v1/adaptation", context => gate.ServeAsync(context, "adaptation", AdaptAsync));
    }

    private static async Task AdaptAsync(HttpContext context, Deployment deployment, DurableStore store)
    {
        AdaptationState state = await Body.ReadAsync(
            context, ServeJson.Default.AdaptationState, "an object with \"enabled\", true or false, and nothing else");
        store.Adapt(state.Enabled);
        await context.Response.WriteAsJsonAsync(state, ServeJson.Default.AdaptationState);
    }

    private static async Task RemoveAsync(HttpContext context, Deployment deployment, DurableStore store)
    {
        await store.RemoveAsync(EntryPath.IdOf(context), context.RequestAborted);
        await context.Response.WriteAsJsonAsync(
            new RemovedAnswer(store.EntryCount ?? 0), ServeJson.Default.RemovedAnswer);
    }

    private async Task AddAsync(HttpContext context, Deployment deployment, DurableStore store)
    {
        RowInput.Require(deployment.Input);
        var reader = new RowReader(
            deployment.Input, store.Shape.Memory!.ExampleColumns, options.Value.RowsPerRequest);
        IReadOnlyList<Row> rows = await Body.ReadAsync(context, reader.ReadMany);
        Example[] examples = [.. rows.Select((row, index) => new Example(row, reader.Tags[index]))];
        IReadOnlyList<long?> ids = await store.AddAsync(examples, context.RequestAborted);
        await context.Response.WriteAsJsonAsync(
            new AddedAnswer(ids, store.EntryCount ?? 0), ServeJson.Default.AddedAnswer);
    }

    private async Task LearnAsync(HttpContext context, Deployment deployment, DurableStore store)
    {
        FeedbackBody body = await Body.ReadAsync(
            context, ServeJson.Default.FeedbackBody, "an object with the texts \"id\" and \"label\" and nothing else");
        if (body.Label.Length == 0)
        {
            throw new RequestProblem(
                StatusCodes.Status400BadRequest, "The label must be the name of a class. It is empty.");
        }

        if (!Guid.TryParse(body.Id, out Guid id) || log.Take(id) is not { } prediction)
        {
            throw new RequestProblem(
                StatusCodes.Status404NotFound,
                "The id must be that of one of the latest predictions, without feedback yet. It is not.");
        }

        try
        {
            if (prediction.Version != deployment.Version)
            {
                throw new RequestProblem(
                    StatusCodes.Status409Conflict,
                    "The prediction must be of the model that serves. It is of a former one.");
            }

            long? entry = await store.LearnAsync(prediction, body.Label, context.RequestAborted);
            trend.AddFeedback(isRight: prediction.Label == body.Label);
            await context.Response.WriteAsJsonAsync(
                new FeedbackAnswer(entry, store.EntryCount ?? 0), ServeJson.Default.FeedbackAnswer);
        }
        catch (RequestProblem)
        {
            log.Return(id, prediction);
            throw;
        }
    }
}
