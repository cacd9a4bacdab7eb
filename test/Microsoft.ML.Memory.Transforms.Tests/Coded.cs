// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Transforms.Tests;

/// <summary>Memories of codes that tests share.</summary>
internal static class Coded
{
    public static IndexOptions Options => new()
    {
        Strategy = SearchStrategy.Quantized,
        Quantization = new QuantizedSettings { SubspaceCount = 3, TrainingCount = 100, KeepVectors = false },
    };

    public static QuantizedSettings Settings => Options.Quantization!;

    /// <summary>Gives the keys of all entries, as they come out of the memory.</summary>
    public static float[][] Keys(BankSnapshot memory) => [.. memory.Entries.Select(entry =>
    {
        float[] key = new float[memory.Dimension];
        memory.CopyKey(entry.Position, key);
        return key;
    })];

    /// <summary>Gives the same entries with the keys that come out of the memory, as vectors.</summary>
    public static BankSnapshot Decoded(BankSnapshot memory)
    {
        var bank = new MemoryBank(memory.Dimension, memory.Metric);
        foreach ((Entry entry, float[] key) in memory.Entries.Zip(Keys(memory)))
            bank.AddRange(key, [entry.Label], [entry.Weight], [entry.Id], entry.Origin);
        return bank.Snapshot();
    }

    public static T Reloaded<T>(MLContext mlContext, T memory)
        where T : class, ITransformer
    {
        using var stream = new MemoryStream();
        mlContext.Model.Save(memory, null, stream);
        stream.Position = 0;
        return mlContext.Model.Load(stream, out _).FindMemory<T>();
    }
}
