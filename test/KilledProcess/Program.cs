// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using System.Text;
using KilledProcess;
using Microsoft.ML;
using Microsoft.ML.Memory;

// KilledProcess open MODEL: opens a durable memory, and prints the number of entries, or why it could not.
// KilledProcess MODEL COUNT...: opens a durable memory, requires of each writer that so many of its changes, or one
// more, are there, prints how many, and goes on with all writers at once; prints each change that was acknowledged.
// Ends only when it is killed.
var mlContext = new MLContext(seed: 0);
if (args[0] == "open")
{
    try
    {
        using DurableMemory opened = DurableMemory.Open(mlContext, args[1]);
        Console.WriteLine(opened.Count);
    }
    catch (IOException error)
    {
        Console.WriteLine(error.Message);
    }

    return;
}

using Stream output = Console.OpenStandardOutput();
var options = new DurableMemoryOptions { CompactionBytes = 600, CompactionShare = 0 };
Print("opening");
using DurableMemory memory = DurableMemory.Open(mlContext, args[0], options);
int[] counts = Verify([.. args.Skip(1).Select(text => int.Parse(text, CultureInfo.InvariantCulture))]);
Print("opened " + string.Join(' ', counts));
await Task.WhenAll(counts.Select((count, writer) => Task.Run(() => WriteAsync(writer, count))));

async Task WriteAsync(int writer, int change)
{
    for (; ; change++)
    {
        await WriterScript.ChangeAsync(memory, writer, change);
        Print(string.Create(CultureInfo.InvariantCulture, $"{writer} {change + 1}"));
    }
}

// A line is one write, so that it is in the pipe, whatever comes, before anything that follows.
void Print(string line)
{
    byte[] bytes = Encoding.ASCII.GetBytes(line + "\n");
    lock (output) output.Write(bytes);
}

// Gives how many changes of each writer are there; everything that was acknowledged has to be, and nothing by halves.
int[] Verify(int[] acknowledged)
{
    VisualMemoryTransformer model = memory.Model.FindMemory<VisualMemoryTransformer>();
    IReadOnlyList<string> names = model.ClassNames;
    var found = acknowledged.Select(_ => new SortedDictionary<long, string>()).ToArray();
    float[] key = new float[3];
    foreach (Entry entry in model.Model.Entries.Where(entry => WriterScript.WriterOf(entry.Id) >= 0))
    {
        model.Model.CopyKey(entry.Position, key);
        if (!key.SequenceEqual(WriterScript.Features(entry.Id))) Lose($"entry {entry.Id} has another vector");
        found[WriterScript.WriterOf(entry.Id)].Add(entry.Id, names[entry.Label]);
    }

    return [.. acknowledged.Select((count, writer) => CountOf(writer, count, found[writer]))];
}

int CountOf(int writer, int acknowledged, SortedDictionary<long, string> found)
{
    if (found.SequenceEqual(WriterScript.Expected(writer, acknowledged))) return acknowledged;
    if (found.SequenceEqual(WriterScript.Expected(writer, acknowledged + 1))) return acknowledged + 1;
    Lose($"writer {writer} with {acknowledged} acknowledged changes has {string.Join(' ', found.TakeLast(9))}");
    return 0;
}

void Lose(string what)
{
    Print("lost: " + what);
    Environment.Exit(1);
}
