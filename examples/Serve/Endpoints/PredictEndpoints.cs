// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.Extensions.Options;

namespace MemoryServe;

/// <summary>Predictions of rows.</summary>
internal sealed class PredictEndpoints(
    ModelHost host, PredictionBatcher batcher, PredictionLog log, Trend trend, IOptions<ServeOptions> options)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/predict", PredictAsync);
        routes.MapPost("/v1/predict/batch", PredictBatchAsync);
    }

    /// <summary>Gives the answer to a row, counts it, and remembers the row for feedback.</summary>
    public PredictionAnswer Answer(Deployment deployment, Row row, Prediction prediction, int top)
    {
        trend.AddPrediction(prediction);
        return new PredictionAnswer(
            log.Add(deployment, row, prediction).ToString(),
            prediction.Label,
            Query.Best(prediction.Classes, prediction.Scores, top),
            prediction.Confidence,
            prediction.IsUnknown,
            prediction.EntryId);
    }

    private async Task PredictAsync(HttpContext context)
    {
        int top = Query.Top(context);
        Deployment deployment = host.Use();
        try
        {
            Row row = await Body.ReadAsync(context, body => Reader(deployment).ReadOne(body));
            Prediction[] predictions = await batcher.PredictAsync(deployment, [row], context.RequestAborted);
            PredictionAnswer answer = Answer(deployment, row, predictions[0], top);
            await context.Response.WriteAsJsonAsync(answer, ServeJson.Default.PredictionAnswer);
        }
        finally
        {
            deployment.EndUse();
        }
    }

    private async Task PredictBatchAsync(HttpContext context)
    {
        int top = Query.Top(context);
        Deployment deployment = host.Use();
        try
        {
            IReadOnlyList<Row> rows = await Body.ReadAsync(context, body => Reader(deployment).ReadMany(body));
            Prediction[] predictions = await batcher.PredictAsync(deployment, rows, context.RequestAborted);
            var answer = new BatchAnswer(
                [.. predictions.Select((each, row) => Answer(deployment, rows[row], each, top))]);
            await context.Response.WriteAsJsonAsync(answer, ServeJson.Default.BatchAnswer);
        }
        finally
        {
            deployment.EndUse();
        }
    }

    private RowReader Reader(Deployment deployment)
    {
        RowInput.Require(deployment.Input);
        return new RowReader(deployment.Input, extra: null, options.Value.RowsPerRequest);
    }
}
