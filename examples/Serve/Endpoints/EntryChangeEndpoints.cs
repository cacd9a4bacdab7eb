// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace MemoryServe;

/// <summary>What a person changes who looks at entries: labels, entries that were removed by mistake, new pictures.
/// </summary>
internal sealed class EntryChangeEndpoints(ChangeGate gate, ImageUpload upload)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPut("/v1/examples/{id}/label", context => gate.ServeAsync(context, "relabel", RelabelAsync));
        routes.MapPut("/v1/examples/{id}", context => gate.ServeAsync(context, "restore", RestoreAsync));
        routes.MapPost("/v1/examples/image", context => gate.ServeAsync(context, "add", AddImageAsync));
    }

    private static async Task RelabelAsync(HttpContext context, Deployment deployment, DurableStore store)
    {
        long id = EntryPath.IdOf(context);
        LabelBody body = await Body.ReadAsync(
            context, ServeJson.Default.LabelBody, "an object with the text \"label\" and nothing else");
        RequireLabel(body.Label);
        await AnswerAsync(context, store, await store.RelabelAsync(id, body.Label, context.RequestAborted));
    }

    private static async Task RestoreAsync(HttpContext context, Deployment deployment, DurableStore store)
    {
        long id = EntryPath.IdOf(context);
        EntryBody body = await Body.ReadAsync(
            context,
            ServeJson.Default.EntryBody,
            "an object with the text \"label\", the array \"features\", the number \"weight\" where it is not 1, "
            + "and nothing else");
        RequireLabel(body.Label);
        Require(
            body.Weight is null or >= 0 and <= float.MaxValue,
            "The weight must be a finite number of at least 0. It is not.");
        int dimension = store.Shape.Memory!.Dimension;
        Require(
            body.Features.Length == dimension && body.Features.All(float.IsFinite),
            $"The features must be {dimension} finite numbers. They are not.");
        await store.RestoreAsync(id, body, context.RequestAborted);
        await AnswerAsync(context, store, id);
    }

    private static Task AnswerAsync(HttpContext context, DurableStore store, long id)
        => context.Response.WriteAsJsonAsync(
            new EntryChangedAnswer(id, store.EntryCount ?? 0), ServeJson.Default.EntryChangedAnswer);

    private static void RequireLabel(string label)
        => Require(label.Length > 0, "The label must be the name of a class. It is empty.");

    private static void Require(bool holds, string otherwise)
    {
        if (!holds) throw new RequestProblem(StatusCodes.Status400BadRequest, otherwise);
    }

    /// <summary>Reads the id that a new entry should get; null lets the memory choose.</summary>
    private static long? IdOf(HttpContext context, DurableStore store)
    {
        if (!context.Request.Query.TryGetValue("id", out StringValues text)) return null;
        Require(
            store.Shape.Memory!.ExampleColumns.Id is not null,
            "Parameter 'id' must be left out, since the memory numbers its entries. It is there.");
        bool isNumber = long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long id);
        Require(isNumber, "Parameter 'id' must be a whole number.");
        return id;
    }

    private async Task AddImageAsync(HttpContext context, Deployment deployment, DurableStore store)
    {
        StringValues labels = context.Request.Query["label"];
        Require(labels.Count <= 1, "Parameter 'label' must be given once. It is given more often.");
        string label = labels.ToString();
        Require(label.Length > 0, "Parameter 'label' must be the name of a class. It is empty.");
        var tag = new ExampleTag { Label = label, Id = IdOf(context, store) };
        Row row = await upload.ReadAsync(context, deployment.Input, "/v1/examples");
        IReadOnlyList<long?> ids = await store.AddAsync([new Example(row, tag)], context.RequestAborted);
        await context.Response.WriteAsJsonAsync(
            new AddedAnswer(ids, store.EntryCount ?? 0), ServeJson.Default.AddedAnswer);
    }
}
