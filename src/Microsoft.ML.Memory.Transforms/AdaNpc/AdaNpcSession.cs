// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>An adaptive memory at work: predicts, remembers, takes feedback and forgets, call after call.</summary>
/// <remarks>
/// <para>Safe for concurrent callers, as in a web server: changes take turns,
/// <see cref="Predict(ReadOnlySpan{float})"/> never waits for them. With concurrent callers the order of the calls, so
/// what is remembered, is theirs; the same calls in the same order give the same.</para>
/// <para>Rows come as feature vectors, or as views with the feature column of the model. A view is read in its
/// order.</para>
/// </remarks>
public sealed partial class AdaNpcSession
{
    private readonly AdaNpcTransformer _owner;
    private readonly AdaptiveMemory _memory;
    private readonly double[] _prior;

    internal AdaNpcSession(AdaNpcTransformer owner, AdaptiveState? resumed)
    {
        _owner = owner;
        _memory = new AdaptiveMemory(owner.Model, owner.Options, resumed);
        _prior = ClassPrior.Of(owner.Model.Memory, owner.ClassCount);
    }

    /// <summary>Number of entries now.</summary>
    public int Count => _memory.Count;

    /// <summary>Most entries it may hold.</summary>
    public int Capacity => _memory.Capacity;

    /// <summary>Gives the entries as they are now; costs nothing and waits for nobody.</summary>
    public BankSnapshot Memory() => _memory.Memory();

    /// <summary>Gives all that the session knows now, with the parents of the adapted entries.</summary>
    public AdaptiveState Snapshot() => _memory.Snapshot();

    /// <summary>Predicts one row and leaves the memory as it is.</summary>
    /// <param name="features">[d].</param>
    /// <exception cref="ArgumentException">The length is not d.</exception>
    public AdaptivePrediction Predict(ReadOnlySpan<float> features)
    {
        CheckRow(features);

        var predictions = new AdaptivePredictions();
        _memory.Predict(features, predictions);
        return Describe(predictions, 0);
    }

    /// <summary>Predicts rows and leaves the memory as it is.</summary>
    /// <exception cref="ArgumentException">The feature column is missing or of the wrong type or size.</exception>
    public IReadOnlyList<AdaptivePrediction> Predict(IDataView rows)
    {
        var predictions = new AdaptivePredictions();
        _memory.Predict(ReadFeatures(rows), predictions);
        return Describe(predictions);
    }

    /// <summary>Predicts one row, then remembers it if the prediction is sure enough.</summary>
    /// <param name="features">[d]; a row with NaN or infinity gets no prediction and is not remembered.</param>
    /// <exception cref="ArgumentException">The length is not d.</exception>
    public AdaptivePrediction Adapt(ReadOnlySpan<float> features)
    {
        CheckRow(features);

        var predictions = new AdaptivePredictions();
        _memory.Adapt(features, predictions);
        return Describe(predictions, 0);
    }

    /// <summary>Predicts rows batch by batch, remembering the sure ones of a batch before the next.</summary>
    /// <exception cref="ArgumentException">The feature column is missing or of the wrong type or size.</exception>
    public IReadOnlyList<AdaptivePrediction> Adapt(IDataView rows)
    {
        var predictions = new AdaptivePredictions();
        _memory.Adapt(ReadFeatures(rows), predictions);
        return Describe(predictions);
    }

    /// <summary>Reports what follows as another domain; the memory goes on from where it is.</summary>
    /// <param name="name">Name of the domain; null numbers it.</param>
    public void StartDomain(string? name = null) => _memory.StartDomain(name);

    /// <summary>Reports how the stream has drifted since the start or the last <see cref="Reset"/>.</summary>
    public DriftReport Report() => _memory.Report();

    /// <summary>Goes back to the trained memory, bit for bit.</summary>
    public void Reset() => _memory.Reset();

    /// <summary>Gives a transformer whose trained memory is what the session knows now.</summary>
    /// <remarks>
    /// Saved with <c>mlContext.Model.Save</c> it is a model of its own. Without a capacity in the options its memory
    /// may again grow by half, or by 2,000 entries.
    /// </remarks>
    public AdaNpcTransformer ToTransformer()
        => new(_owner.Environment, _owner.Options, _memory.Snapshot(), _owner.Classes);

    /// <summary>Writes the session to a stream, for <see cref="AdaNpcTransformer.ResumeAdaptiveSession"/>.</summary>
    /// <remarks>What is resumed goes on as this session would, bit for bit. The report is not saved.</remarks>
    /// <param name="stream">Where to write; it need not seek, and is left open.</param>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        AdaNpcSessionFile.Write(stream, _owner, _memory.Snapshot());
    }

    private void CheckRow(ReadOnlySpan<float> features)
        => Check.Length(features.Length, _owner.Dimension, nameof(features), $"[{_owner.Dimension}]");

    private float[] ReadFeatures(IDataView rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return FeatureRows.ReadAsGiven(rows, _owner.FeatureColumnName, _owner.Dimension, _owner.EncoderFingerprint);
    }

    private AdaptivePrediction[] Describe(AdaptivePredictions predictions)
        => [.. Enumerable.Range(0, predictions.RowCount).Select(row => Describe(predictions, row))];

    private AdaptivePrediction Describe(AdaptivePredictions predictions, int row)
    {
        float[] scores = new float[_owner.ClassCount];
        predictions.CopyScores(row, _memory.Settings, _prior, scores);
        int? winner = predictions.LabelOf(row);
        return new AdaptivePrediction
        {
            Label = winner is { } index ? _owner.Classes.NameOf(index) : null,
            ClassIndex = winner,
            Scores = scores,
            Confidence = predictions.ConfidenceOf(row),
            NeighborIds = predictions.NeighborIdsOf(row).ToArray(),
            AddedId = predictions.AddedIdOf(row),
            EvictedId = predictions.EvictedIdOf(row),
        };
    }
}
