// Licensed under the MIT License. See LICENSE in the project root for license information.

using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>A backbone and what was trained on it.</summary>
/// <remarks>Scoring is thread-safe. Owns native memory until it is disposed of.</remarks>
public sealed class FineTunedModel : IDisposable
{
    private const long ScoreBytes = 256L << 20;
    private readonly IDisposable? _owned;

    /// <param name="model">Backbone, method and head.</param>
    /// <param name="input">How rows are read.</param>
    /// <param name="report">How the training went.</param>
    /// <param name="owned">A backbone or adapters to let go of with this; null where all is the caller's.</param>
    internal FineTunedModel(TunedModel model, BackboneInput input, FineTuneReport report, IDisposable? owned)
    {
        Tuned = model;
        Input = input;
        Report = report;
        _owned = owned;
    }

    /// <summary>The frozen backbone.</summary>
    public Backbone Backbone => Tuned.Backbone;

    /// <summary>How the training went; without epochs where the model is of an <see cref="AdapterSet"/>.</summary>
    public FineTuneReport Report { get; }

    /// <summary>Whether low-rank terms are merged into weights, so that scoring costs what the backbone alone
    /// does.</summary>
    public bool IsMerged => Tuned.IsMerged;

    /// <summary>Width of the vector that the head reads.</summary>
    public int FeatureSize => (int)Tuned.Tuning.FeatureSize;

    internal TunedModel Tuned { get; }

    internal BackboneInput Input { get; }

    /// <summary>Frees the trained tensors, and the backbone where it was loaded with the model.</summary>
    /// <remarks>Waits for rows that are being scored.</remarks>
    public void Dispose()
    {
        Tuned.Dispose();
        _owned?.Dispose();
    }

    /// <summary>Adds the low-rank terms of LoRA to copies of the adapted weights, W + s B A.</summary>
    /// <remarks>Scoring then costs what the backbone alone does; scores differ in the last bits, since terms add in
    /// another order. Takes the memory of the adapted weights. The backbone's own stay as they are, so other models on
    /// it score as before. Waits for passes that are under way; what is saved or exported is the same.</remarks>
    /// <exception cref="InvalidOperationException">The method is not LoRA, or the terms are merged already.</exception>
    public void Merge()
    {
        RequireAlive();
        Tuned.Merge();
    }

    /// <summary>Frees the merged weights; scores are again those from before <see cref="Merge"/>, to the last
    /// bit.</summary>
    /// <exception cref="InvalidOperationException">Nothing is merged.</exception>
    public void Unmerge() => Tuned.Unmerge();

    /// <summary>Makes a backbone of its own of the tuned one; the head becomes its classifier.</summary>
    /// <remarks>For methods that change weights and add no part: everything or biases tuned, and LoRA, whose terms are
    /// added to the weights. Takes as much memory as the backbone.</remarks>
    /// <returns>The backbone, which the caller disposes of; it needs this model no longer.</returns>
    /// <exception cref="InvalidOperationException">The method adds parts that no backbone has.</exception>
    public Backbone ToBackbone()
    {
        RequireAlive();
        (bool changesWeights, IReadOnlyDictionary<string, LowRankTerm[]> terms) = Tuned.Tuning switch
        {
            LowRankTuning lora => (true, lora.Terms),
            FullFineTuning or BitFitTuning => (true, new Dictionary<string, LowRankTerm[]>()),
            _ => (false, new Dictionary<string, LowRankTerm[]>()),
        };
        return changesWeights
            ? MergedBackbone.Make(Backbone, Tuned.Tuning.Replaced, terms, Tuned.Head, $"{Backbone.Source}, tuned")
            : throw new InvalidOperationException("FineTunedModel.ToBackbone must follow a method that changes "
                + "weights: LoRA, BitFit or full fine-tuning. "
                + $"Got {Tuned.Tuning.Name}. Save the whole model.");
    }

    /// <summary>Writes what was trained by LoRA, and the head, as an adapter folder that PEFT reads.</summary>
    /// <param name="folder">Path of the folder; adapter_config.json and adapter_model.safetensors are replaced.</param>
    /// <exception cref="InvalidOperationException">The method is not LoRA, or the model is of an
    /// <see cref="AdapterSet"/>.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public void SaveAdapter(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        RequireAlive();
        if (Tuned.Tuning is LoraStack)
        {
            throw new InvalidOperationException("FineTunedModel.SaveAdapter must follow training by LoRA. Got a model "
                + "of an AdapterSet. Save its adapters with LoraAdapter.Save, or the classifiers they came from.");
        }

        if (Tuned.Tuning is not LoraTuning)
        {
            throw new InvalidOperationException("FineTunedModel.SaveAdapter must follow LoRA. Got "
                + $"{Tuned.Tuning.Name}, which PEFT has no layout for. Save the whole model.");
        }

        LoraAdapter.Save(folder, Tuned);
    }

    /// <exception cref="ObjectDisposedException">The model's weights or the backbone's were freed.</exception>
    internal void RequireAlive()
    {
        Tuned.RequireAlive();
        Backbone.RequireAlive();
    }

    /// <summary>Computes probabilities and features of rows.</summary>
    /// <param name="rows">[n, d], finite.</param>
    /// <param name="count">Number n of rows.</param>
    /// <param name="probabilities">Receives [n, c].</param>
    /// <param name="features">Receives [n, f], or is empty.</param>
    internal void Score(ReadOnlySpan<float> rows, int count, Span<float> probabilities, Span<float> features)
    {
        RequireAlive();
        using IDisposable frozen = no_grad();
        int most = RowsAtOnce(), width = Input.RowLength, classes = probabilities.Length / Math.Max(count, 1);
        for (int start = 0; start < count; start += most)
        {
            using var scope = NewDisposeScope();
            int n = Math.Min(most, count - start);
            BackboneBatch batch = Input.ToBatch(rows.Slice(start * width, n * width), n, Backbone.Device);
            (Tensor feature, Tensor scores) = Tuned.Score(batch);
            TensorData.CopyTo(scores, probabilities.Slice(start * classes, n * classes));
            if (!features.IsEmpty) TensorData.CopyTo(feature, features.Slice(start * FeatureSize, n * FeatureSize));
        }
    }

    /// <summary>The same model on another backbone of the same weights.</summary>
    internal FineTunedModel On(Backbone backbone, FineTuneOptions options)
    {
        RequireAlive();
        return new FineTunedModel(Tuned.On(backbone, options), Input, Report, owned: null);
    }

    // One block's temporaries bound the memory of scoring: the wide hidden layer and the attention maps.
    private int RowsAtOnce()
    {
        BackboneConfig config = Backbone.Config;
        long tokens = Input.TokenCount;
        long floats = (tokens * (config.IntermediateSize + (6L * config.HiddenSize)))
            + (2 * config.HeadCount * tokens * tokens);
        return (int)Math.Clamp(ScoreBytes / (floats * sizeof(float)), 1, 256);
    }
}
