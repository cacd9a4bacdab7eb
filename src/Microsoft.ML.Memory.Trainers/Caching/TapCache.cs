// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Security.Cryptography;
using System.Text;
using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>Runs the trunk once over all examples and keeps what a readout method reads of it.</summary>
internal static class TapCache
{
    private const string PartSuffix = ".part";

    /// <summary>Fills a temporary file, which is deleted when the cache is disposed of, or one that stays; opens that
    /// one where it is there.</summary>
    /// <exception cref="IOException">The disk is full, or may not be written to.</exception>
    /// <exception cref="InvalidDataException">The file that is there is damaged, or of something else.</exception>
    public static FeatureCache Fill(
        TunedModel model, ExampleSource examples, BackboneInput input, FineTuneOptions options, TrainingLog log)
    {
        using IDisposable frozen = no_grad();
        FeatureCacheLayout layout = Layout(model, examples, input, options);
        string path = options.CachePath ?? Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        if (options.CachePath is null) return Filled(path, false);
        if (File.Exists(path))
        {
            FeatureCache found = Found(path, layout);
            log.CacheFound(path);
            return found;
        }

        // What is there under its name is whole, and two trainings that fill it do not meet.
        string part = $"{path}.{Guid.NewGuid():N}{PartSuffix}";
        try
        {
            Filled(part, true).Dispose();
            Place(part, path);
        }
        finally
        {
            File.Delete(part);
        }

        return FeatureCache.Open(path, layout);

        FeatureCache Filled(string file, bool keep)
        {
            FeatureCache cache = FeatureCache.Create(file, layout, keep);
            try
            {
                Write(cache, model, examples, input, options);
                return cache;
            }
            catch
            {
                cache.Dispose();
                throw;
            }
        }
    }

    /// <summary>Reads what a batch taps.</summary>
    /// <returns>A batch that belongs to the caller's dispose scope.</returns>
    public static BackboneBatch Read(FeatureCache cache, ExampleBatch examples, BackboneInput input, Device device)
    {
        TextKey[] texts = input.TextsOf(examples.Rows, examples.Count);
        Tensor[] taps = cache.Read(examples.Positions, device, texts);
        Tensor? mask = texts.Length == 0 ? null : input.ToBatch(examples.Rows, examples.Count, device).Mask;
        return BackboneBatch.Tapped(taps, mask);
    }

    /// <summary>Gives a whole file its name; where one is there by now, that one stays.</summary>
    public static void Place(string part, string path)
    {
        try
        {
            File.Move(part, path);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another training was faster; what it wrote is checked like any file that was there before.
        }
    }

    private static FeatureCache Found(string path, FeatureCacheLayout layout)
    {
        try
        {
            return FeatureCache.Open(path, layout);
        }
        catch (InvalidDataException error)
        {
            throw new InvalidDataException("FineTuneOptions.CachePath must name a feature cache of the same method, "
                + $"backbone and rows. Got '{path}': {error.Message} Delete it, or choose another path.", error);
        }
    }

    private static void Write(FeatureCache cache,
        TunedModel model, ExampleSource examples, BackboneInput input, FineTuneOptions options)
    {
        foreach (ExampleBatch batch in examples.All(options.BatchSize))
        {
            using var scope = NewDisposeScope();
            options.CancellationToken.ThrowIfCancellationRequested();
            BackboneBatch read = input.ToBatch(batch.Rows, batch.Count, model.Backbone.Device);
            Tensor[] taps = ((ReadoutTuning)model.Tuning).Tap(model.Trunk, read);
            cache.Write(batch.Positions[0], taps, input.TextsOf(batch.Rows, batch.Count));
        }
    }

    // The first example is tapped once more, for the shapes.
    private static FeatureCacheLayout Layout(
        TunedModel model, ExampleSource examples, BackboneInput input, FineTuneOptions options)
    {
        using var scope = NewDisposeScope();
        int longest = examples.All(options.BatchSize)
            .Select(b => input.TextsOf(b.Rows, b.Count)).TakeWhile(t => t.Length > 0)
            .Select(t => t.Max(k => k.TokenCount)).DefaultIfEmpty().Max();
        ExampleBatch first = examples.All(1).First();
        BackboneBatch read = input.ToBatch(first.Rows, first.Count, model.Backbone.Device);
        long[][] shapes = [.. ((ReadoutTuning)model.Tuning).Tap(model.Trunk, read).Select(t => t.shape[1..])];
        // The tokens of the example at hand are not those of the longest text.
        if (longest > 0) foreach (long[] shape in shapes.Where(s => s.Length == 2)) shape[0] = longest;
        return new FeatureCacheLayout(
            model.Backbone.Hash, Key(model, examples), shapes, examples.Count, options.CachePrecision, longest);
    }

    // All that taps follow from besides the weights and their shapes.
    private static string Key(TunedModel model, ExampleSource examples)
    {
        var tuning = (ReadoutTuning)model.Tuning;
        Backbone backbone = model.Backbone;
        string run = $"{backbone.Config.ToJson()}|{backbone.Trunk.Pooling}|{backbone.Options.Positions}";
        string told = $"{run}|{model.Trunk.Precision}|{string.Join(',', tuning.TappedStates)}|{examples.Checksum}";
        return $"{tuning.Name} {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(told)))}";
    }
}
