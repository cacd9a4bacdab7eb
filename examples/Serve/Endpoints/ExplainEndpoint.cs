// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.Extensions.Options;
using Microsoft.ML.Memory;

namespace MemoryServe;

/// <summary>Reasons of predictions: the entries that voted.</summary>
internal sealed class ExplainEndpoint(
    ModelHost host, ImageUpload upload, ExplainTurn turn, IOptions<ServeOptions> options)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/explain", context => ExplainAsync(context, ReadRowAsync));
        routes.MapPost("/v1/explain/image", context => ExplainAsync(context, ReadImageAsync));
    }

    private async Task ExplainAsync(HttpContext context, Func<HttpContext, InputSchema, Task<Row>> read)
    {
        int top = Query.Top(context);
        Deployment deployment = host.Use();
        try
        {
            Row row = await read(context, deployment.Input);
            ExplanationAnswer answer = await turn.ExplainAsync(
                () => Explain(deployment.Store.Current, row), top, context.RequestAborted);
            await context.Response.WriteAsJsonAsync(answer, ServeJson.Default.ExplanationAnswer);
        }
        finally
        {
            deployment.EndUse();
        }
    }

    private static Explanation Explain(ServedModel model, Row row)
    {
        if (model.Memory is not { Visual: { } memory } face)
        {
            throw new RequestProblem(
                StatusCodes.Status409Conflict, "The model must hold one visual memory to be explained. It does not.");
        }

        return memory.Explain(face.Before(new RowView(model.Input, [row])))[0];
    }

    private Task<Row> ReadImageAsync(HttpContext context, InputSchema input)
        => upload.ReadAsync(context, input, "/v1/explain");

    private Task<Row> ReadRowAsync(HttpContext context, InputSchema input)
    {
        RowInput.Require(input);
        return Body.ReadAsync(context, new RowReader(input, extra: null, options.Value.RowsPerRequest).ReadOne);
    }
}
