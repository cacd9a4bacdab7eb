// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.InteropServices;
using System.Text;
using Microsoft.ML.Data;

namespace Microsoft.ML.Memory.Transforms.Tests;

/// <summary>Small models to open durably, and what there is to know of them.</summary>
internal static class DurableModels
{
    public const string Name = "model.zip";

    /// <summary>Rows that no memory here holds, and one without a prediction.</summary>
    private static readonly Probe[] _probes =
    [
        new() { Features = [0.5f, 0.1f, -0.2f] },
        new() { Features = [-0.3f, 0.7f, 0.4f] },
        new() { Features = [0.2f, -0.4f, 0.9f] },
        new() { Features = [float.NaN, 0, 0] },
    ];

    /// <summary>A visual memory of a few points, in a chain, as a model file.</summary>
    public static byte[] Visual(MLContext mlContext, int count = 6, VisualMemoryOptions? options = null)
    {
        IDataView train = Points.View(mlContext, Points.Draw(count, seed: 1));
        options ??= new VisualMemoryOptions { NeighborCount = 3 };
        return Saved(mlContext, Points.Pipeline(mlContext, options).Fit(train), train.Schema);
    }

    /// <summary>A visual memory alone as a model file.</summary>
    public static byte[] Alone(MLContext mlContext, int count = 6, VisualMemoryOptions? options = null)
        => Saved(mlContext, Points.FitMemory(mlContext, Points.Draw(count, seed: 1), options), null);

    /// <summary>An adaptive memory of a few points as a model file.</summary>
    public static byte[] Adaptive(MLContext mlContext, int count = 12, AdaNpcOptions? options = null)
    {
        options ??= new AdaNpcOptions
        {
            NeighborCount = 3,
            ConfidenceThreshold = 0.5,
            Capacity = count + 4,
            Eviction = EvictionKind.Reservoir,
        };
        AdaNpcTransformer memory = mlContext.MulticlassClassification.Trainers.AdaNpc(options)
            .Fit(Points.Keyed(mlContext, Points.Draw(count, seed: 1)));
        return Saved(mlContext, memory, null);
    }

    public static byte[] Saved(MLContext mlContext, ITransformer model, DataViewSchema? schema)
    {
        using var stream = new MemoryStream();
        mlContext.Model.Save(model, schema, stream);
        return stream.ToArray();
    }

    /// <summary>A store that holds a model file and nothing else.</summary>
    public static MemoryStore StoreOf(byte[] model) => new(new Dictionary<string, byte[]> { [Name] = model });

    public static DurableMemory Open(MLContext mlContext, IFileStore store, DurableMemoryOptions? options = null)
        => DurableMemory.Open(mlContext, store, Name, options ?? new DurableMemoryOptions { CompactionBytes = null });

    /// <summary>Says, bit for bit, which entries a memory holds and what it predicts.</summary>
    public static string Describe(MLContext mlContext, ITransformer model)
    {
        var text = new StringBuilder();
        object memory = model is IEnumerable<ITransformer> chain
            ? chain.Single(each => each is VisualMemoryTransformer or AdaNpcTransformer)
            : model;
        if (memory is VisualMemoryTransformer visual) Describe(text, visual.Model, visual.ClassNames);
        if (memory is CompressedMemoryTransformer { Model: { } bank } compressed)
        {
            text.Append(string.Join(',', compressed.ClassNames)).Append(' ').Append(bank.NextId).Append('\n');
            for (int place = 0; place < bank.Count; place++) text.Append($"{bank.Ids[place]} {bank.EntryAt(place)}\n");
        }

        if (memory is AdaNpcTransformer adaptive)
        {
            Describe(text, adaptive.Model.Memory, adaptive.ClassNames);
            foreach (EntryNote note in adaptive.Model.Notes)
                text.Append($"{note.Id} {note.Confidence:R} {note.Usefulness} {string.Join('-', note.ParentIds)}\n");
            text.Append(string.Join(' ', adaptive.Model.Asked)).Append(' ');
            text.Append(string.Join(' ', adaptive.Model.Random)).Append(' ').Append(adaptive.Model.NextId).Append('\n');
        }

        IDataView predictions = ((ITransformer)memory).Transform(mlContext.Data.LoadFromEnumerable(_probes));
        foreach (float[] scores in predictions.GetColumn<float[]>("Score"))
            text.Append(Convert.ToHexString(MemoryMarshal.AsBytes(scores.AsSpan()))).Append('\n');
        return text.ToString();
    }

    private static void Describe(StringBuilder text, BankSnapshot memory, IReadOnlyList<string> classes)
    {
        text.Append(string.Join(',', classes)).Append(' ').Append(memory.NextId).Append('\n');
        float[] key = new float[memory.Dimension];
        foreach (Entry entry in memory.Entries)
        {
            memory.CopyKey(entry.Position, key);
            text.Append($"{entry.Id} {classes[entry.Label]} {entry.Weight} {entry.Origin} {entry.Sequence} ");
            text.Append(Convert.ToHexString(MemoryMarshal.AsBytes(key.AsSpan()))).Append('\n');
        }
    }

    private sealed class Probe
    {
        [VectorType(3)]
        public float[] Features { get; set; } = [];
    }
}
