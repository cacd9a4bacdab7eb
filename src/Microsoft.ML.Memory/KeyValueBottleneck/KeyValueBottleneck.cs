// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>A discrete key-value bottleneck: frozen keys pick values, and only the values picked ever learn.</summary>
/// <remarks>
/// <para>Each head cuts an input from the row and fetches the values of its nearest key; logits are the means of the
/// fetched values over the heads. Keys are learned from unlabelled rows and then frozen, so training on new classes or
/// another part of the input leaves the values of all other keys as they are, bit for bit.</para>
/// <para>Immutable: learning gives a new bottleneck that shares the keys. Safe for concurrent use.</para>
/// <para>Source: Träuble, Goyal, Rahaman, Mozer, Kawaguchi, Bengio, Schölkopf, ICML 2023, arXiv 2207.11240.</para>
/// <para>Differs from the paper: see docs/methods/key-value-bottleneck.md.</para>
/// </remarks>
public sealed partial class KeyValueBottleneck
{
    private readonly HeadInputs _inputs;
    private readonly float[] _keys;
    private readonly ValueTable _table;
    private readonly long[] _classRows;
    private readonly Lazy<NearestKeys[]> _nearest;

    /// <param name="settings">The settings.</param>
    /// <param name="inputs">How rows are cut.</param>
    /// <param name="keys">[heads, pairs, k].</param>
    /// <param name="table">Values and uses.</param>
    /// <param name="classRows">[c] rows of each class that were learned.</param>
    internal KeyValueBottleneck(
        BottleneckSettings settings, HeadInputs inputs, float[] keys, ValueTable table, long[] classRows)
    {
        Settings = settings;
        _inputs = inputs;
        _keys = keys;
        _table = table;
        _classRows = classRows;
        _nearest = new Lazy<NearestKeys[]>(() => SearchKeys(Settings.MaskUnusedPairs));
    }

    /// <summary>The settings it was made with.</summary>
    public BottleneckSettings Settings { get; }

    /// <summary>Length d of a row.</summary>
    public int Dimension => _inputs.Dimension;

    /// <summary>Number of classes c; 0 before anything is learned.</summary>
    public int ClassCount => _table.ClassCount;

    /// <summary>Number of heads.</summary>
    public int HeadCount => _table.HeadCount;

    /// <summary>Pairs of each head.</summary>
    public int PairCount => _table.PairCount;

    /// <summary>Length k of a head's input and keys.</summary>
    public int KeyDimension => _inputs.KeyDimension;

    /// <summary>Number of pairs, over all heads, that training has ever fetched.</summary>
    public int UsedPairCount => _table.Uses.Count(uses => uses > 0);

    /// <summary>Bytes of keys, values, counters and projections.</summary>
    public long SizeBytes
        => ((long)_keys.Length + _table.Values.Length + (_inputs.Columns?.Length ?? 0)) * sizeof(float)
            + ((long)_table.Uses.Length * sizeof(long));

    /// <summary>[c] rows of each class that were learned.</summary>
    public ReadOnlySpan<long> ClassRows => _classRows;

    /// <summary>How rows are cut.</summary>
    internal HeadInputs Inputs => _inputs;

    /// <summary>[heads, pairs, k] keys.</summary>
    internal float[] Keys => _keys;

    /// <summary>Values and uses.</summary>
    internal ValueTable Table => _table;

    /// <summary>Gives the key of a pair, [k].</summary>
    public ReadOnlySpan<float> KeyOf(int head, int pair)
        => _keys.AsSpan(PlaceOf(head, pair) * KeyDimension, KeyDimension);

    /// <summary>Gives the values of a pair, [c].</summary>
    public ReadOnlySpan<float> ValuesOf(int head, int pair)
        => _table.Values.AsSpan(PlaceOf(head, pair) * ClassCount, ClassCount);

    /// <summary>Gives how often training has fetched a pair.</summary>
    public long UsesOf(int head, int pair) => _table.Uses[PlaceOf(head, pair)];

    /// <summary>Predicts rows.</summary>
    /// <param name="rows">[n, d], row-major, finite.</param>
    /// <param name="scores">Receives [n, c], the softmax of the logits.</param>
    /// <exception cref="ArgumentException">A length does not fit, or a value is not finite.</exception>
    /// <exception cref="InvalidOperationException">Nothing has been learned yet.</exception>
    public void Predict(ReadOnlySpan<float> rows, Span<float> scores)
    {
        int count = CheckRows(rows);
        if (ClassCount == 0)
            throw new InvalidOperationException(
                "KeyValueBottleneck must have learned. Got no class. Call Learn first.");
        Check.Length(scores.Length, (long)count * ClassCount, nameof(scores), $"[{count}, {ClassCount}]");

        var reader = CreateReader();
        reader.Read(rows, AllThreads);
        double[] logits = new double[ClassCount];
        for (int row = 0; row < count; row++)
        {
            ReadLogits(reader, row, logits);
            Softmax.Of(logits);
            for (int index = 0; index < logits.Length; index++)
                scores[(row * ClassCount) + index] = (float)logits[index];
        }
    }

    private static ParallelOptions AllThreads => new() { MaxDegreeOfParallelism = Environment.ProcessorCount };

    /// <summary>Makes a reader of rows that finds pairs by the rules of prediction.</summary>
    internal BottleneckReader CreateReader() => new(_inputs, _nearest.Value, Settings);

    /// <summary>Gives the logits of a row that was read.</summary>
    internal void ReadLogits(BottleneckReader reader, int row, Span<double> logits)
        => _table.Logits(reader.Pairs, row, Settings.FetchCount, logits);

    private NearestKeys[] SearchKeys(bool isMasked)
    {
        var keys = new NearestKeys[HeadCount];
        int length = PairCount * KeyDimension;
        for (int head = 0; head < HeadCount; head++)
        {
            keys[head] = new NearestKeys(
                _keys.AsSpan(head * length, length), KeyDimension, isMasked ? _table.UsesOf(head) : default);
        }

        return keys;
    }

    private int PlaceOf(int head, int pair)
        => (Check.Index(head, HeadCount) * PairCount) + Check.Index(pair, PairCount);

    private int CheckRows(ReadOnlySpan<float> rows)
    {
        if (rows.Length % Dimension != 0)
            throw new ArgumentException($"rows must be [n, {Dimension}]. Got {rows.Length} values.", nameof(rows));
        Check.Finite(rows, Dimension, nameof(rows));
        return rows.Length / Dimension;
    }
}
