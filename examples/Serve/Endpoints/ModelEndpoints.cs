// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace MemoryServe;

/// <summary>What the model is.</summary>
internal sealed class ModelEndpoints(ModelHost host, ApiKeyGate gate)
{
    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/model", DescribeAsync);

    private async Task DescribeAsync(HttpContext context)
    {
        Deployment deployment = host.Use();
        try
        {
            await context.Response.WriteAsJsonAsync(Describe(deployment), ServeJson.Default.ModelAnswer);
        }
        finally
        {
            deployment.EndUse();
        }
    }

    private ModelAnswer Describe(Deployment deployment)
    {
        ServedModel model = deployment.Store.Current;
        return new ModelAnswer(
            deployment.Version,
            deployment.LoadedAt,
            model.Memory?.Kind ?? "classifier",
            model.ClassNames,
            [.. model.Input.Columns.Select(column => new ColumnAnswer(
                column.Name, column.JsonType, column.Size, model.Input.Needed.Contains(column.Index)))],
            deployment.Store.EntryCount,
            deployment.Store.Changes is not null && gate.HasKey,
            deployment.Store.Changes is { IsAdapting: true });
    }
}
