// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using System.Text.RegularExpressions;

namespace MemoryServe;

/// <summary>Reads metrics as Prometheus does, and finds what it would not accept.</summary>
internal sealed partial class Metrics
{
    private readonly Dictionary<string, double> _samples = [];

    private Metrics(string text)
    {
        string? family = null;
        foreach (string line in text.TrimEnd('\n').Split('\n'))
        {
            if (Head().Match(line) is { Success: true } head)
            {
                family = head.Groups["name"].Value;
                continue;
            }

            Match sample = Sample().Match(line);
            Assert.IsTrue(sample.Success, $"The line must be a sample: '{line}'.");
            StringAssert.StartsWith(sample.Groups["name"].Value, family);
            string value = sample.Groups["value"].Value;
            _samples.Add(
                sample.Groups["name"].Value + sample.Groups["labels"].Value,
                double.Parse(value, CultureInfo.InvariantCulture));
        }
    }

    public IReadOnlyCollection<string> Names => _samples.Keys;

    /// <summary>Value of a sample, its labels in the name; 0 where it is not there.</summary>
    public double this[string name] => _samples.GetValueOrDefault(name);

    public static async Task<Metrics> ReadAsync(ServerUnderTest server)
    {
        Answer answer = await server.GetAsync("/metrics");
        Assert.AreEqual(200, answer.Status);
        Assert.AreEqual("text/plain; version=0.0.4; charset=utf-8", answer.ContentType);
        StringAssert.EndsWith(answer.Text, "\n");
        return new Metrics(answer.Text);
    }

    [GeneratedRegex("^# (HELP (?<name>[a-z_:]+) .+|TYPE (?<name>[a-z_:]+) (counter|gauge|histogram))$")]
    private static partial Regex Head();

    [GeneratedRegex("^(?<name>[a-z_:]+)(?<labels>\\{[a-z]+=\"[^\"\\\\\n]*\"(,[a-z]+=\"[^\"\\\\\n]*\")*\\})? (?<value>[-+0-9.eE]+)$")]
    private static partial Regex Sample();
}
