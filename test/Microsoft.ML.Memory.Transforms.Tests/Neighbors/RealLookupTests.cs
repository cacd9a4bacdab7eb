// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using Microsoft.ML.Data;

namespace Microsoft.ML.Memory.Transforms.Tests.Neighbors;

/// <summary>De-duplication and "more like this" on real data, against what the data say without any search.</summary>
[TestClass]
public sealed class RealLookupTests
{
    private const int GramCount = 256;

    private readonly MLContext _mlContext = new(seed: 0);

    [TestMethod]
    public void All_messages_that_were_sent_twice_are_found()
    {
        string[] texts = [.. Lines("text", "sms_spam.tsv.gz").Select(line => line.Split('\t', 2)[1])];
        Message[] messages = [.. texts.Select(Message.Of)];
        IDataView rows = _mlContext.Data.LoadFromEnumerable(messages);
        HashSet<string> twice = [.. texts.CountBy(text => text).Where(pair => pair.Value > 1).Select(pair => pair.Key)];

        IDataView found = _mlContext.Transforms.NearestNeighbors(new NearestNeighborsOptions
        {
            IdColumnName = "Id",
            LeavesOutSameId = true,
            NeighborCount = 1,
            Metric = Metric.SquaredEuclidean,
            LargestDistance = 0,
            StoredColumnNames = ["Text"],
        }).Fit(rows).Transform(rows);

        string[][] twins = [.. found.GetColumn<string[]>("NeighborText")];
        int[] missed = [.. Enumerable.Range(0, texts.Length).Where(
            row => twice.Contains(texts[row]) && twins[row].Length == 0)];
        Assert.IsGreaterThan(200, twice.Count);
        Assert.IsEmpty(missed);
        int wrong = Enumerable.Range(0, texts.Length).Count(
            row => twins[row].Length > 0 && !twice.Contains(texts[row]));
        Assert.IsLessThan(texts.Length / 100, wrong, "texts of equal counts of letter pairs that differ all the same");
    }

    [TestMethod]
    public void All_planted_copies_of_digits_are_found_and_nothing_is_left_after_their_removal()
    {
        float[][] digits = [.. Lines("tabular", "optdigits.tra.gz").Where(line => !line.StartsWith('#')).Select(Digit)];
        float[][] all = [.. digits, .. digits.Where((_, row) => row % 10 == 0)];
        IDataView rows = _mlContext.Data.LoadFromEnumerable(
            all.Select((features, id) => new DigitRow { Id = id, Features = features }));
        var options = new NearestNeighborsOptions
        {
            IdColumnName = "Id",
            LeavesOutSameId = true,
            NeighborCount = 3,
            Metric = Metric.SquaredEuclidean,
            LargestDistance = 0,
        };

        NearestNeighborsTransformer lookup = _mlContext.Transforms.NearestNeighbors(options).Fit(rows);
        long[][] twins = [.. lookup.Transform(rows).GetColumn<long[]>("NeighborIds")];
        long[] copies = [.. Enumerable.Range(0, all.Length).Where(id => twins[id].Any(twin => twin < id)).Select(
            id => (long)id)];
        long[][] left = [.. lookup.Remove(copies).Transform(rows).GetColumn<long[]>("NeighborIds")];

        HashSet<string> seen = [];
        long[] expected = [.. Enumerable.Range(0, all.Length).Where(
            id => !seen.Add(string.Join(' ', all[id]))).Select(id => (long)id)];
        Assert.IsGreaterThanOrEqualTo(digits.Length / 10, expected.Length);
        CollectionAssert.AreEqual(expected, copies);
        HashSet<long> gone = [.. copies];
        Assert.IsTrue(Enumerable.Range(0, all.Length).All(id => gone.Contains(id) || left[id].Length == 0));
    }

    [TestMethod]
    [DataRow("king", "prince", "queen")]
    [DataRow("france", "paris", "belgium")]
    [DataRow("monday", "tuesday", "friday")]
    public void Words_like_a_word_are_words_of_its_kind(string word, string one, string other)
    {
        string path = RealData.Path("text", "glove_50d_5k.json.gz");
        using var stream = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        Dictionary<string, float[]> vectors = JsonSerializer.Deserialize<Dictionary<string, float[]>>(stream)!;
        WordRow[] words =
            [.. vectors.Select((pair, id) => new WordRow { Id = id, Word = pair.Key, Features = pair.Value })];
        NearestNeighborsTransformer lookup = _mlContext.Transforms.NearestNeighbors(new NearestNeighborsOptions
        {
            IdColumnName = "Id",
            LeavesOutSameId = true,
            StoredColumnNames = ["Word"],
        }).Fit(_mlContext.Data.LoadFromEnumerable(words));

        IDataView found = lookup.Transform(_mlContext.Data.LoadFromEnumerable(words.Where(row => row.Word == word)));

        string[] alike = found.GetColumn<string[]>("NeighborWord").Single();
        CollectionAssert.Contains(alike, one, string.Join(' ', alike));
        CollectionAssert.Contains(alike, other, string.Join(' ', alike));
        CollectionAssert.DoesNotContain(alike, word);
    }

    private static IEnumerable<string> Lines(params string[] parts)
    {
        using var reader = new StreamReader(
            new GZipStream(File.OpenRead(RealData.Path(parts)), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line) yield return line;
    }

    private static float[] Digit(string line) =>
        [.. line.Split(',').SkipLast(1).Select(field => float.Parse(field, CultureInfo.InvariantCulture))];

    private sealed class Message
    {
        public long Id { get; set; }

        public string Text { get; set; } = "";

        [VectorType(GramCount)]
        public float[] Features { get; set; } = [];

        /// <summary>Makes features: how often each pair of letters that meet occurs, by a hash of the pair.</summary>
        public static Message Of(string text, int id)
        {
            float[] counts = new float[GramCount];
            for (int index = 1; index < text.Length; index++)
                counts[((text[index - 1] * 31) + text[index]) % GramCount]++;
            return new Message { Id = id, Text = text, Features = counts };
        }
    }

    private sealed class DigitRow
    {
        public long Id { get; set; }

        [VectorType(64)]
        public float[] Features { get; set; } = [];
    }

    private sealed class WordRow
    {
        public int Id { get; set; }

        public string Word { get; set; } = "";

        [VectorType(50)]
        public float[] Features { get; set; } = [];
    }
}
