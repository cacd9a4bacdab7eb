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
        FeatureCache? cache = null;
        try
        {
            foreach (ExampleBatch batch in examples.All(options.BatchSize))
            {
                using var scope = NewDisposeScope();
                options.CancellationToken.ThrowIfCancellationRequested();
                BackboneBatch read = input.ToBatch(batch.Rows, batch.Count, model.Backbone.Device);
                Tensor[] taps = tuning.Tap(model.Trunk, read);
                cache ??= Create(model, taps, examples.Count);
                cache.Write(batch.Positions[0], taps);
            }
        }
        catch
        {
            cache?.Dispose();
            throw;
        }

        return cache!;
    }

    private static FeatureCache Create(TunedModel model, Tensor[] taps, long rowCount)
    {
        long[][] shapes = [.. taps.Select(t => t.shape[1..])];
        var layout = new FeatureCacheLayout(
            model.Backbone.Hash, model.Tuning.GetType().Name, shapes, rowCount, FeatureCachePrecision.Single);
        return FeatureCache.Create(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), layout);
    }
}
