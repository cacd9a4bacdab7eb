// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Text.Json;
using Microsoft.ML.Memory;

namespace MemoryServe;

/// <summary>What a memory is, and all its entries without their vectors.</summary>
internal sealed class InspectEndpoint(InspectionGate gate, ApiKeyGate key, Pictures pictures)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/inspect", context => gate.ServeAsync(context, DescribeAsync));
        routes.MapGet("/v1/inspect/entries", context => gate.ServeAsync(context, ListAsync)).DisableRequestTimeout();
    }

    private static async Task ListAsync(HttpContext context, InspectedMemory memory)
    {
        using var answer = new JsonStream(context);
        BankSnapshot entries = memory.Entries;
        answer.Json.WriteStartObject();
        answer.Json.WriteNumber("sequence", memory.Sequence);
        await answer.WriteArrayAsync("classes", memory.ClassNames);
        await answer.WriteArrayAsync("ids", entries.Entries.Select(entry => entry.Id));
        await answer.WriteArrayAsync("labels", entries.Entries.Select(entry => entry.Label));
        if (entries.Entries.All(entry => entry.Weight == 1)) answer.Json.WriteNull("weights");
        else await answer.WriteArrayAsync("weights", entries.Entries.Select(entry => entry.Weight));
        answer.Json.WriteEndObject();
        await answer.FlushAsync();
    }

    private Task DescribeAsync(HttpContext context, InspectedMemory memory)
    {
        PictureShape? shape = pictures.ShapeOf(memory);
        (string input, string? column) = InspectionInput.Of(memory, shape);
        ExampleColumns names = memory.Face.ExampleColumns;
        var counts = new double[memory.ClassNames.Count];
        memory.Entries.CountClasses(counts);
        var answer = new InspectAnswer(
            memory.Deployment.Version,
            memory.Sequence,
            memory.Face.Kind,
            memory.Deployment.Store.Changes is not null && key.HasKey,
            memory.Entries.Count,
            memory.Entries.Dimension,
            JsonNamingPolicy.CamelCase.ConvertName(memory.Entries.Metric.ToString()),
            [.. memory.ClassNames.Select((name, index) => new ClassCount(name, (int)counts[index]))],
            input,
            column,
            shape,
            new ExampleColumnNames(names.Label, names.Id, names.Weight));
        return context.Response.WriteAsJsonAsync(answer, ServeJson.Default.InspectAnswer);
    }
}
