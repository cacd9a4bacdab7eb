// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.InteropServices;
using Microsoft.ML.Data;
using Microsoft.Win32.SafeHandles;

namespace Microsoft.ML.Memory.Bench;

/// <summary>What loading a model costs: Model.Load against a plain read of as many bytes from a file.</summary>
internal static class LoadBench
{
    private const int RowCount = 60_000;
    private const int Dimension = 784;
    private const int Repeats = 5;

    /// <summary>Loading may take three times the plain read.</summary>
    private const double Floor = 1 / 3.0;

    public static void Run(BenchReport report)
    {
        string folder = Directory.CreateTempSubdirectory("memory-ml-bench-").FullName;
        try
        {
            // Pixels: whole numbers with many zeros, as in image sets. Noise: nothing to compress, the worst case.
            Measure(report, folder, "pixels", random => random.Next(5) == 0 ? random.Next(256) : 0);
            Measure(report, folder, "noise", random => random.NextSingle());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Measure(BenchReport report, string folder, string kind, Func<Random, float> value)
    {
        var mlContext = new MLContext(seed: 0);
        string model = Path.Combine(folder, kind + ".zip");
        string plain = Path.Combine(folder, kind + ".bin");
        VisualMemoryTransformer memory = mlContext.MulticlassClassification.Trainers.VisualMemory()
            .Fit(mlContext.Data.LoadFromEnumerable(Draw(value)));
        mlContext.Model.Save(memory, null, model);
        File.WriteAllBytes(plain, new byte[(long)RowCount * Dimension * sizeof(float)]);
        using (FileStream bank = File.Create(plain + ".bank")) new MemoryBank(memory.Model).Save(bank);

        double megabytes = (double)RowCount * Dimension * sizeof(float) / 1e6;
        Timing[] times = Timing.Alternate(
            Repeats,
            () => ReadPlain(plain),
            () => mlContext.Model.Load(model, out _),
            () => LoadBank(plain + ".bank"));
        string name = $"{RowCount} x {Dimension} floats, {kind}";
        report.Add(new Figure(name, "size of model.zip", new FileInfo(model).Length / 1e6, "MB"));
        report.Add(
            new Figure(
                name,
                "plain read into new memory",
                times[0].Rate(megabytes),
                "MB/s")
            { Spread = times[0].Spread(megabytes) });
        report.Add(new Figure(name, "Model.Load", times[1].Rate(megabytes), "MB/s")
        {
            Spread = times[1].Spread(megabytes),
            Peer = "plain read of the floats into new memory",
            Ratio = times[0].Median / times[1].Median,
            Floor = Floor,
        });
        report.Add(new Figure(name, "MemoryBank.Load, no zip", times[2].Rate(megabytes), "MB/s")
        {
            Spread = times[2].Spread(megabytes),
            Peer = "plain read of the floats into new memory",
            Ratio = times[0].Median / times[2].Median,
            Floor = Floor,
        });
    }

    /// <summary>Reads a file into memory that is new, as any loader has to.</summary>
    private static unsafe void ReadPlain(string path)
    {
        using SafeFileHandle file = File.OpenHandle(path);
        long length = RandomAccess.GetLength(file);
        byte* memory = (byte*)NativeMemory.Alloc((nuint)length);
        for (long read = 0; read < length;)
            read += RandomAccess.Read(file, new Span<byte>(memory + read, (int)Math.Min(length - read, 1 << 20)), read);
        NativeMemory.Free(memory);
    }

    private static void LoadBank(string path)
    {
        using FileStream stream = File.OpenRead(path);
        GC.KeepAlive(MemoryBank.Load(stream));
    }

    private static IEnumerable<Example> Draw(Func<Random, float> value)
    {
        var random = new Random(1);
        for (int row = 0; row < RowCount; row++)
        {
            float[] features = new float[Dimension];
            for (int i = 0; i < Dimension; i++) features[i] = value(random);
            yield return new Example { Label = (uint)(row % Example.ClassCount), Features = features };
        }
    }

    private sealed class Example
    {
        public const int ClassCount = 10;

        [KeyType(ClassCount)]
        public uint Label { get; set; }

        [VectorType(Dimension)]
        public float[] Features { get; set; } = [];
    }
}
