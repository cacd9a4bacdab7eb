// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory;
using Microsoft.Extensions.Options;

namespace MemoryServe;

/// <summary>Reasons of predictions: the entries that voted.</summary>
internal sealed class ExplainEndpoint(ModelHost host, IOptions<ServeOptions> options)
{
    public void Map(IEndpointRouteBuilder routes) => routes.MapPost("/v1/explain", ExplainAsync);

    private async Task ExplainAsync(HttpContext context)
    {
        int top = Query.Top(context);
        Deployment deployment = host.Use();
        try
        {
            RowInput.Require(deployment.Input);
            var reader = new RowReader(deployment.Input, extra: null, options.Value.RowsPerRequest);
            Row row = await Body.ReadAsync(context, reader.ReadOne);
            ExplanationAnswer answer = Explain(deployment.Store.Current, row, top);
            await context.Response.WriteAsJsonAsync(answer, ServeJson.Default.ExplanationAnswer);
        }
        finally
        {
            deployment.EndUse();
        }
    }

    private static ExplanationAnswer Explain(ServedModel model, Row row, int top)
    {
        if (model.Memory is not { Visual: { } memory } face)
        {
            throw new RequestProblem(
                StatusCodes.Status409Conflict, "The model must hold one visual memory to be explained. It does not.");
        }

        Explanation explanation = memory.Explain(face.Before(new RowView(model.Input, [row])))[0];
        return new ExplanationAnswer(
            explanation.PredictedLabel,
            Query.Best(explanation.ClassNames, explanation.Scores, top),
            [.. explanation.Contributions.Take(top)
                .Select(each => new NeighborAnswer(each.Id, each.Label, Finite(each.Distance), each.Share))]);
    }

    private static float? Finite(float distance) => float.IsFinite(distance) ? distance : null;
}
