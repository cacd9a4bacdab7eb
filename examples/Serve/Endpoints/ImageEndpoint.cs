// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace MemoryServe;

/// <summary>Predictions of uploaded images.</summary>
internal sealed class ImageEndpoint(
    ModelHost host, PredictionBatcher batcher, PredictEndpoints answers, ImageUpload upload)
{
    public void Map(IEndpointRouteBuilder routes) => routes.MapPost("/v1/predict/image", PredictAsync);

    private async Task PredictAsync(HttpContext context)
    {
        int top = Query.Top(context);
        Deployment deployment = host.Use();
        try
        {
            Row row = await upload.ReadAsync(context, deployment.Input, "/v1/predict");
            Prediction[] predictions = await batcher.PredictAsync(deployment, [row], context.RequestAborted);
            await context.Response.WriteAsJsonAsync(
                answers.Answer(deployment, row, predictions[0], top), ServeJson.Default.PredictionAnswer);
        }
        finally
        {
            deployment.EndUse();
        }
    }
}
