// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.IO.Compression;
using System.Text.Json;
using ExampleData;

namespace TextIntentsExample;

/// <summary>Things people say to an assistant: CLINC150 (Larson et al., 2019), or made up where that is not here.
/// </summary>
/// <param name="Memory">What is remembered, 100 phrases an intent or fewer.</param>
/// <param name="HeldOut">Phrases of the same intents, to set the limit of the unknown by.</param>
/// <param name="Known">What is asked about: phrases of the same intents.</param>
/// <param name="Unknown">What is asked about as well: phrases of no intent.</param>
/// <param name="Source">Where they came from, as people read it.</param>
internal sealed record Intents(
    IntentRow[] Memory, IntentRow[] HeldOut, IntentRow[] Known, IntentRow[] Unknown, string Source)
{
    /// <summary>The intent that nobody thought of at first.</summary>
    public const string Added = "lost_luggage";

    private const string DataFile = "text/clinc_data_full.json.gz";
    private const int QuickIntentCount = 40;

    /// <summary>Finds or makes up the phrases.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static Intents Load(DemoOptions options)
    {
        if (options.IsDrawn) return MadeUpIntents.Make("as --drawn asked");
        return DataFolder.FindFile(DataFile, options.Data) is { } path
            ? Read(path, options.IsQuick)
            : MadeUpIntents.Make($"no {DataFile} was found");
    }

    private static Intents Read(string path, bool isQuick)
    {
        Dictionary<string, string[][]> data;
        try
        {
            using var file = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
            data = JsonSerializer.Deserialize<Dictionary<string, string[][]>>(file) ?? [];
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"File '{path}' must hold CLINC150. Got: {error.Message}", error);
        }

        IntentRow[] all = Rows("train");
        HashSet<string> taken = [Added, .. all.Select(row => row.Intent).Distinct()
            .Take(isQuick ? QuickIntentCount : int.MaxValue)];
        string source = $"CLINC150 from {Path.GetRelativePath(Environment.CurrentDirectory, path)}";
        return new Intents(Taken(all), Taken(Rows("val")), Taken(Rows("test")), Rows("oos_test"), source);

        IntentRow[] Taken(IntentRow[] rows) => [.. rows.Where(row => taken.Contains(row.Intent))];

        IntentRow[] Rows(string part)
            => data.TryGetValue(part, out string[][]? rows) && rows.All(row => row.Length == 2)
            ? [.. rows.Select((row, index) => new IntentRow { Id = index, Text = row[0], Intent = row[1] })]
            : throw new InvalidDataException($"File '{path}' must hold '{part}', pairs of text and intent.");
    }
}
