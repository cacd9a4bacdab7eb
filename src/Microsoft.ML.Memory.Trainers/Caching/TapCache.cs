// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>Runs the trunk once over all examples and keeps what a readout method reads of it.</summary>
internal static class TapCache
{
    /// <summary>Fills a temporary file, which is deleted when the cache is disposed of.</summary>
    /// <exception cref="IOException">The disk is full.</exception>
    public static FeatureCache Fill(
        TunedModel model, ExampleSource examples, BackboneInput input, FineTuneOptions options)
    {
        var tuning = (ReadoutTuning)model.Tuning;
        using IDisposable frozen = no_grad();
        int longest = examples.All(options.BatchSize)
            .Select(b => input.TextsOf(b.Rows, b.Count)).TakeWhile(t => t.Length > 0)
            .Select(t => t.Max(k => k.TokenCount)).DefaultIfEmpty().Max();
        FeatureCache? cache = null;
        try
        {
            foreach (ExampleBatch batch in examples.All(options.BatchSize))
            {
                using var scope = NewDisposeScope();
                options.CancellationToken.ThrowIfCancellationRequested();
                BackboneBatch read = input.ToBatch(batch.Rows, batch.Count, model.Backbone.Device);
                Tensor[] taps = tuning.Tap(model.Trunk, read);
                cache ??= Create(model, taps, examples.Count, longest);
                cache.Write(batch.Positions[0], taps, input.TextsOf(batch.Rows, batch.Count));
            }
        }
        catch
        {
            cache?.Dispose();
            throw;
        }

        return cache!;
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

    private static FeatureCache Create(TunedModel model, Tensor[] taps, long rowCount, int longest)
    {
        long[][] shapes = [.. taps.Select(t => t.shape[1..])];
        // The tokens of the batch at hand are not those of the longest text.
        if (longest > 0) foreach (long[] shape in shapes.Where(s => s.Length == 2)) shape[0] = longest;
        var layout = new FeatureCacheLayout(
            model.Backbone.Hash, model.Tuning.GetType().Name, shapes, rowCount, FeatureCachePrecision.Single, longest);
        return FeatureCache.Create(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), layout);
    }
}
