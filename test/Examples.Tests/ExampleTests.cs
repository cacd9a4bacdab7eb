// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Microsoft.ML.Memory.Examples.Tests;

[TestClass]
public sealed class ExampleTests
{
    private const int MostLines = 25;
    private const string NoNetworks = "must find the native library of ONNX Runtime";

    [TestMethod]
    [DataRow("VisualMemory")]
    [DataRow("AdaNpc")]
    [DataRow("KeyValueBottleneck")]
    [DataRow("CompressedMemory")]
    [DataRow("NearestNeighbors")]
    [DataRow("Regression")]
    [DataRow("OnnxEncoder")]
    [DataRow("TextIntents")]
    public void Example_passes_its_own_checks_on_drawn_data(string name)
    {
        using var example = new ExampleProcess(name, "--drawn", "--quick");

        (int exitCode, string output) = example.Finish();

        if (output.Contains(NoNetworks, StringComparison.Ordinal)) Assert.Inconclusive(output);
        Assert.AreEqual(0, exitCode, output);
        string[] lines = output.TrimEnd().Split('\n');
        Assert.IsLessThanOrEqualTo(MostLines, lines.Length, output);
        StringAssert.StartsWith(lines[^1], "All checks passed");
    }

    [TestMethod]
    public void Text_intents_pass_their_own_checks_on_real_phrases_where_they_are()
    {
        using var example = new ExampleProcess("TextIntents", "--quick");

        (int exitCode, string output) = example.Finish();

        Assert.AreEqual(0, exitCode, output);
        if (output.Contains("made up by this program", StringComparison.Ordinal)) Assert.Inconclusive(output);
        Assert.Contains("All checks passed", output);
    }

    [TestMethod]
    public void Fine_tuning_passes_its_own_checks_where_there_is_torch()
    {
        using var example = new ExampleProcess("FineTuning", "--quick");

        (int exitCode, string output) = example.Finish();

        Assert.AreEqual(0, exitCode, output);
        if (output.StartsWith("This example needs", StringComparison.Ordinal)) Assert.Inconclusive(output);
        Assert.Contains("All checks passed", output);
    }

    [TestMethod]
    public void Data_frames_pass_their_own_checks_where_there_is_the_package()
    {
        using var example = new ExampleProcess("DataFrame", "--quick");

        (int exitCode, string output) = example.Finish();

        if (output.StartsWith("This example needs", StringComparison.Ordinal))
        {
            Assert.AreEqual(2, exitCode, output);
            Assert.Inconclusive(output);
        }

        Assert.AreEqual(0, exitCode, output);
        Assert.Contains("All checks passed", output);
    }

    [TestMethod]
    public void Model_builder_console_trains_once_and_predicts_a_bolt()
    {
        using var example = new ExampleProcess("ProductClassifier_Console");

        (int exitCode, string output) = example.Finish();

        Assert.AreEqual(0, exitCode, output);
        string[] lines = output.ReplaceLineEndings("\n").Split('\n');
        int header = Array.FindIndex(lines, l => l.StartsWith("Class ", StringComparison.Ordinal));
        Assert.AreEqual("bolt", lines[header + 2].Split(' ')[0], output);
        Assert.Contains("Accuracy on a held-out fifth: 9", output);
    }

    [TestMethod]
    public async Task Model_builder_web_api_predicts_a_bolt()
    {
        using var example = new ExampleProcess("ProductClassifier_WebApi", "--urls", "http://127.0.0.1:0");
        string? line;
        do
        {
            line = await example.Output.ReadLineAsync();
        }
        while (line is not null && !line.Contains("Now listening on", StringComparison.Ordinal));
        Assert.IsNotNull(line, "The Web API must say where it listens.");
        string address = line[line.IndexOf("http", StringComparison.Ordinal)..];
        using var client = new HttpClient { BaseAddress = new Uri(address) };

        using HttpResponseMessage response = await client.PostAsJsonAsync(
            "/predict", new { length = 60.8f, diameter = 5.6f, weight = 11.5f, price = 0.11f, voltage = 0f });

        Assert.AreEqual(HttpStatusCode.OK, response.StatusCode);
        using JsonDocument answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.AreEqual("bolt", answer.RootElement.GetProperty("predictedLabel").GetString());
        double sum = answer.RootElement.GetProperty("score").EnumerateArray().Sum(s => s.GetDouble());
        Assert.AreEqual(1, sum, 1e-5, sum.ToString(CultureInfo.InvariantCulture));
    }
}
