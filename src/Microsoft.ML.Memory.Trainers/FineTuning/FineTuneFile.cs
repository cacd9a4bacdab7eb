// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Text.Json;
using Microsoft.ML.Memory.Storage;
using Microsoft.ML.Runtime;
using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>The content of a saved fine-tuned model: options, classes, the backbone or a reference to it, and only the
/// tensors that were trained.</summary>
internal static class FineTuneFile
{
    private const int MostDimensions = 8;

    public static void Write(Stream stream, FineTuneTransformer transformer)
    {
        Backbone backbone = transformer.Model.Backbone;
        var writer = new SectionWriter(stream);
        writer.Write("fineTune", fields =>
        {
            fields.Write(JsonSerializer.Serialize(transformer.Options));
            fields.Write(JsonSerializer.Serialize(transformer.Model.Report));
        });
        writer.Write("classes", fields => ClassTableFormat.Write(fields, transformer.Classes));
        writer.Write("backbone", fields =>
        {
            fields.Write(backbone.Source);
            fields.Write(backbone.Hash);
            fields.Write(backbone.Config.ToJson());
            fields.Write((int)backbone.Options.Pooling);
            fields.Write((int)(backbone.Options.Positions ?? (PositionRule)(-1)));
        });
        writer.Write("vocabulary", fields => VocabularyFormat.Write(fields, transformer.Model.Input as TextInput));
        // A backbone that has no folder could not be found again.
        bool embeds = transformer.Options.EmbedBackbone || !Directory.Exists(backbone.Source);
        IReadOnlyDictionary<string, Tensor> embedded = embeds ? backbone.Tensors : new Dictionary<string, Tensor>();
        WriteTensors(writer, "weights", embedded);
        WriteTensors(writer, "trained", transformer.Model.Tuned.Tensors.ToDictionary(t => t.Name, t => t.Tensor));
        writer.End();
    }

    /// <exception cref="InvalidDataException">The content breaks a rule, or the backbone is another one.</exception>
    public static FineTuneTransformer Read(Stream stream, IHostEnvironment environment)
    {
        using var scope = NewDisposeScope();
        var reader = new SectionReader(stream);
        (FineTuneOptions options, FineTuneReport report) = reader.Read("fineTune", fields =>
        {
            FineTuneOptions read = ReadJson<FineTuneOptions>(fields);
            read.Validate(); // the reader says of what breaks a rule where it lies
            RequireFitted(read);
            FineTuneReport told = ReadJson<FineTuneReport>(fields);
            return told.Epochs?.Contains(null!) == false
                ? (read, told)
                : throw new InvalidDataException("The report of a model must have epochs. Got null.");
        });
        ClassTable classes = reader.Read("classes", ClassTableFormat.Read);
        BackboneReference reference = reader.Read("backbone", BackboneReference.Read);
        WordPieceTokenizer? tokenizer = reader.Read("vocabulary", VocabularyFormat.Read);
        Dictionary<string, Tensor> weights = ReadTensors(reader, "weights");
        Dictionary<string, Tensor> trained = ReadTensors(reader, "trained");
        reader.EndFile();

        Backbone loaded = weights.Count > 0 ? reference.Embedded(weights) : reference.Load();
        try
        {
            using IChannel channel = environment.Register(nameof(FineTuneTransformer)).Start("Load");
            Backbone backbone = BackboneDevices.Chosen(loaded, environment, channel);
            BackboneInput input = BackboneInputs.Of(backbone, options, tokenizer);
            var tuned = new FineTunedModel(Restored(backbone, options, classes.Count, trained), input, report, loaded);
            return new FineTuneTransformer(environment, options, tuned, classes);
        }
        catch (ArgumentException e)
        {
            loaded.Dispose();
            throw new InvalidDataException($"The settings of a model must fit its backbone. Got: {e.Message}", e);
        }
        catch
        {
            loaded.Dispose();
            throw;
        }
    }

    // What is there for training alone could ask for any amount of memory, and no file is written with it.
    private static void RequireFitted(FineTuneOptions options)
    {
        if (options == options.Fitted) return;
        throw new InvalidDataException("The settings of a model must be those of one that is trained. Got "
            + $"{options.GetType().Name} with what is there for training alone. Save the model again.");
    }

    private static TunedModel Restored(
        Backbone backbone, FineTuneOptions options, int classCount, Dictionary<string, Tensor> trained)
    {
        var random = new SeededRandom(options.Seed);
        RequireNumbers(options, options.FewestNumbers(backbone), trained);
        Tuning tuning = options.Create(backbone, random);
        TunedModel? model = null;
        try
        {
            RequireNumbers(options, classCount * tuning.FeatureSize, trained);
            model = new TunedModel(backbone, tuning, classCount, random, options.TrunkPrecision);
            Take(model, trained);
            return model;
        }
        catch
        {
            tuning.Dispose();
            model?.Dispose();
            throw;
        }
    }

    // Memory is taken for what the file holds, not for what its settings ask for.
    private static void RequireNumbers(FineTuneOptions options, long wanted, Dictionary<string, Tensor> trained)
    {
        long stored = trained.Values.Sum(t => t.numel());
        if (stored >= wanted) return;
        throw new InvalidDataException("The model file must hold what its settings ask for, at least "
            + $"{wanted} numbers for {options.GetType().Name}. Got {stored}. Save the model again.");
    }

    private static void Take(TunedModel model, Dictionary<string, Tensor> trained)
    {
        using IDisposable frozen = no_grad();
        foreach (TrainedTensor wanted in model.Tensors)
        {
            Tensor? stored = trained.GetValueOrDefault(wanted.Name);
            if (stored is null || !stored.shape.SequenceEqual(wanted.Tensor.shape))
            {
                string got = stored is null ? "none" : $"[{string.Join(", ", stored.shape)}]";
                throw new InvalidDataException($"The model file must hold a tensor '{wanted.Name}' of "
                    + $"[{string.Join(", ", wanted.Tensor.shape)}]. Got {got}. Save the model again.");
            }

            wanted.Tensor.copy_(stored);
        }

        model.Tuning.RequireValid();
        if (trained.Count == model.Tensors.Count) return;
        string extra = trained.Keys.First(n => model.Tensors.All(t => t.Name != n));
        throw new InvalidDataException(
            $"The model file must hold the tensors of its method only. Got '{extra}' besides.");
    }

    private static T ReadJson<T>(BinaryReader fields)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(fields.ReadString())
                ?? throw new InvalidDataException("The settings of a model must not be null. Got null.");
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            throw new InvalidDataException($"The settings of a model must be valid JSON. Got {e.Message}", e);
        }
    }

    private static void WriteTensors(SectionWriter writer, string name, IReadOnlyDictionary<string, Tensor> tensors)
    {
        var ordered = tensors.OrderBy(t => t.Key, StringComparer.Ordinal).ToArray();
        writer.Write(name, fields =>
        {
            fields.Write(ordered.Length);
            foreach ((string key, Tensor tensor) in ordered)
            {
                fields.Write(key);
                fields.Write((byte)tensor.ndim);
                foreach (long length in tensor.shape) fields.Write(length);
            }
        });
        foreach ((_, Tensor tensor) in ordered)
        {
            using var scope = NewDisposeScope();
            Tensor host = tensor.detach().cpu().contiguous();
            writer.Write("tensor", host.numel() * sizeof(float), 1, _ => host.bytes);
        }
    }

    private static Dictionary<string, Tensor> ReadTensors(SectionReader reader, string name)
    {
        (string Name, long[] Shape)[] entries = reader.Read(name, fields =>
        {
            var list = new List<(string, long[])>();
            int count = fields.ReadInt32();
            if (count < 0) throw new InvalidDataException($"The number of tensors must be at least 0. Got {count}.");
            while (list.Count < count) list.Add((fields.ReadString(), ReadShape(fields)));
            return list.ToArray();
        });
        var tensors = new Dictionary<string, Tensor>();
        foreach ((string key, long[] shape) in entries)
        {
            float[] values = reader.RequireFinite(reader.ReadAll<float>("tensor", (int)Product(shape)));
            Tensor tensor = TensorData.From(values, shape);
            if (!tensors.TryAdd(key, tensor)) throw reader.Error("must have a name of its own", $"'{key}' twice");
        }

        return tensors;
    }

    private static long[] ReadShape(BinaryReader fields)
    {
        int dimensions = fields.ReadByte();
        if (dimensions > MostDimensions)
            throw new InvalidDataException(
                $"A tensor must have at most {MostDimensions} dimensions. Got {dimensions}.");
        var shape = new long[dimensions];
        for (int i = 0; i < dimensions; i++) shape[i] = fields.ReadInt64();
        if (shape.Any(l => l is < 0 or > int.MaxValue) || Product(shape) > int.MaxValue / sizeof(float))
            throw new InvalidDataException($"A tensor must fit into 2 GiB. Got [{string.Join(", ", shape)}].");
        return shape;
    }

    private static long Product(long[] shape)
    {
        decimal product = 1;
        foreach (long length in shape) product = Math.Min(product * length, long.MaxValue / 8);
        return (long)product;
    }
}
