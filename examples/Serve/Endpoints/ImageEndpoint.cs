// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace MemoryServe;

/// <summary>Predictions of uploaded images.</summary>
internal sealed class ImageEndpoint(
    ModelHost host, PredictionBatcher batcher, PredictEndpoints answers, IOptions<ServeOptions> options)
{
    public void Map(IEndpointRouteBuilder routes) => routes.MapPost("/v1/predict/image", PredictAsync);

    private static async Task<byte[]> ReadAsync(HttpContext context)
    {
        bool isImage = MediaTypeHeaderValue.TryParse(context.Request.ContentType, out MediaTypeHeaderValue? type)
            && type.MediaType.Value is "image/png" or "image/jpeg";
        if (!isImage)
        {
            throw new RequestProblem(
                StatusCodes.Status415UnsupportedMediaType, "The body must be of type image/png or image/jpeg.");
        }

        using var file = new MemoryStream();
        await context.Request.Body.CopyToAsync(file, context.RequestAborted);
        return file.ToArray();
    }

    private async Task PredictAsync(HttpContext context)
    {
        int top = Query.Top(context);
        Deployment deployment = host.Use();
        try
        {
            ImageColumn column = RowInput.RequireImage(deployment.Input);
            byte[] file = await ReadAsync(context);
            column.Check(file, options.Value.ImagePixels);
            object?[] values = new object?[deployment.Input.Schema.Count];
            values[column.Index] = file;
            var row = new Row(values);
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
