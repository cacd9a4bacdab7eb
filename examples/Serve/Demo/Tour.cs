// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Text.Json.Nodes;
using ExampleData;

namespace MemoryServe;

/// <summary>Trains a model, serves it on a free port of the loopback, and does what a client can.</summary>
internal sealed class Tour(DemoOptions options, DemoImages images)
{
    private const double LeastAccuracy = 0.9;

    private readonly Checks _checks = new();
    private readonly string _key = DemoClient.NewKey();

    private string ModelPath => Path.Combine(options.Output, "serve", "model.zip");

    /// <summary>Runs the tour.</summary>
    /// <returns>The exit code: 0 when all checks passed, else 1.</returns>
    public async Task<int> RunAsync()
    {
        string folder = Path.GetDirectoryName(ModelPath)!;
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
        DemoModel.Save(images.Memory, ModelPath);
        Console.WriteLine($"{images.Memory.Count:N0} images remembered, served on the loopback: {images.Source}.");
        await ServeAsync(VisitAsync);
        await ServeAsync(ReturnAsync);
        return _checks.Finish();
    }

    private static JsonObject RowOf(ImageSet set, int id)
        => new() { ["Features"] = new JsonArray([.. set.PixelsOf(id).ToArray().Select(pixel => JsonValue.Create(pixel))]) };

    private async Task ServeAsync(Func<DemoClient, Task> visit)
    {
        await using WebApplication app = ServeApp.Create(
        [
            "--urls=http://127.0.0.1:0",
            $"--Serve:Model={ModelPath}",
            $"--Serve:ApiKey={_key}",
            "--Logging:LogLevel:Default=Warning",
        ]);
        await app.StartAsync();
        using (var client = new DemoClient(new Uri(app.Urls.Single()), _key)) await visit(client);
        await app.StopAsync();
    }

    private async Task VisitAsync(DemoClient client)
    {
        await PredictAsync(client);
        JsonObject row = RowOf(images.Queries, 0);
        (_, JsonNode? why) = await client.SendAsync(HttpMethod.Post, "/v1/explain?top=3", row.DeepClone());
        string nearest = string.Join(", ", why!["neighbors"]!.AsArray().Select(each => $"#{each!["id"]} {each["label"]}"));
        _checks.Add($"2. Explained by {nearest}", why["neighbors"]!.AsArray().Count == 3);

        JsonObject example = RowOf(images.Queries, 1);
        example["Label"] = "new class";
        example["Id"] = 1_000_000;
        (int added, _) = await client.SendAsync(
            HttpMethod.Post, "/v1/examples", new JsonObject { ["rows"] = new JsonArray(example) });
        (_, JsonNode? seen) = await client.SendAsync(HttpMethod.Post, "/v1/explain?top=1", RowOf(images.Queries, 1));
        JsonNode next = seen!["neighbors"]![0]!;
        _checks.Add(
            $"3. Added an example of a class of its own; the same image is next to #{next["id"]} {next["label"]}",
            added == 200 && (long)next["id"]! == 1_000_000);

        (_, JsonNode? asked) = await client.SendAsync(HttpMethod.Post, "/v1/predict?top=1", RowOf(images.Queries, 2));
        var feedback = new JsonObject { ["id"] = asked!["id"]!.DeepClone(), ["label"] = images.Queries.LabelOf(2) };
        (int learned, JsonNode? entry) = await client.SendAsync(HttpMethod.Post, "/v1/feedback", feedback);
        _checks.Add($"4. Took the true label of a prediction as entry #{entry?["entryId"]}", learned == 200);

        (int removed, _) = await client.SendAsync(HttpMethod.Delete, "/v1/examples/1000000");
        _checks.Add("5. Forgot the example", removed == 200);
        (int refused, JsonNode? problem) = await client.SendAsync(HttpMethod.Delete, "/v1/examples/1000000");
        string detail = ((string)problem!["detail"]!).TrimEnd('.');
        _checks.Add($"6. Forgetting it again: {refused}, {detail}", refused == 404);
    }

    private async Task PredictAsync(DemoClient client)
    {
        int count = images.Queries.Count;
        var answers = new string?[count];
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (id, stop) =>
        {
            (_, JsonNode? answer) = await client.SendAsync(
                HttpMethod.Post, "/v1/predict?top=1", RowOf(images.Queries, id));
            answers[id] = (string?)answer!["label"];
        });
        double accuracy = answers.Where((label, id) => label == images.Queries.LabelOf(id)).Count() / (double)count;
        _checks.Add($"1. {count:N0} images asked by 32 at once, {accuracy:P1} right", accuracy >= LeastAccuracy);
    }

    private async Task ReturnAsync(DemoClient client)
    {
        (_, JsonNode? model) = await client.SendAsync(HttpMethod.Get, "/v1/model");
        int count = (int)model!["entryCount"]!;
        _checks.Add(
            $"7. After a restart the memory has {count:N0} entries, the one learned from feedback among them",
            count == images.Memory.Count + 1);
        (_, JsonNode? snapshot) = await client.SendAsync(HttpMethod.Post, "/v1/snapshot");
        (int status, JsonNode? download) = await client.SendAsync(HttpMethod.Get, "/v1/model.zip");
        _checks.Add(
            $"8. Wrote a snapshot of {(long)snapshot!["bytes"]! / 1e6:F1} MB, downloaded {(int)download! / 1e6:F1} MB",
            status == 200);
    }
}
