// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Microsoft.ML.Memory;

/// <summary>A memory that goes on learning while it predicts: AdaNPC test-time adaptation.</summary>
/// <remarks>
/// <para>A row is predicted by the memory as it is, then remembered with the predicted label if the confidence reaches
/// the threshold. Share of class c = sum of softmax(s/tau) over the neighbours of class c, s the cosine
/// similarity.</para>
/// <para>Cost of a row: one search, and O(log n) for the one that leaves a full memory.</para>
/// <para>Thread safety: safe for concurrent callers. Changes take turns; <see cref="Predict"/> never waits.</para>
/// <para>Source: Zhang, Wang, Jin, Yuan, Zhang, Wang, Jin, Tan, ICML 2023, arXiv 2304.12566.</para>
/// <para>Differs from the paper: see docs/methods/adanpc.md.</para>
/// </remarks>
public sealed partial class AdaptiveMemory
{
    private readonly Lock _gate = new();
    private readonly AdaptiveState _start;
    private readonly Func<long, long>? _givenDraw;
    private readonly ConcurrentBag<SimilarityVote> _idleVotes = [];
    private readonly SimilarityVote _vote;
    private readonly FeatureStatistics? _sourceStatistics;
    private readonly RecentRows _recent;
    private readonly Dictionary<long, AdaptiveEntry> _entries = [];
    private readonly List<Arrival> _arrivals = [];
    private readonly List<long> _leaving = [];
    private readonly List<int> _arrivingLabels = [];
    private readonly List<long> _arrivingIds = [];
    private float[] _arrivingKeys = [];
    private readonly long[] _asked;
    private readonly DomainLog _domains;
    private EvictionPolicy _policy;
    private SeededRandom _random;
    private long _askedOfAll;
    private long _nextId;
    private volatile MemoryBank _bank;
    private volatile FeatureStatistics? _rowStatistics;

    /// <summary>Starts from labelled entries.</summary>
    /// <param name="source">The entries, by cosine; they are shared, not copied.</param>
    /// <param name="classCount">Number of classes c, above every label.</param>
    /// <param name="settings">Null means the defaults.</param>
    /// <exception cref="ArgumentException">
    /// The metric is not cosine, a label is c or above, a setting is out of its range, or the capacity is below the
    /// number of entries or of classes.
    /// </exception>
    public AdaptiveMemory(BankSnapshot source, int classCount, AdaptationSettings? settings = null)
        : this(
            AdaptiveState.Start(
                source ?? throw new ArgumentNullException(nameof(source)), classCount, settings?.Seed ?? 0),
            settings)
    {
    }

    /// <summary>Goes on from a state.</summary>
    /// <param name="start">Where <see cref="Reset"/> leads back to; the capacity follows from its entries.</param>
    /// <param name="settings">Null means the defaults.</param>
    /// <param name="resumed">Where it goes on, a later state of the same memory; null means at the start.</param>
    /// <exception cref="ArgumentException">
    /// A setting is out of its range, the capacity is below the number of entries or of classes, or the states differ
    /// in their dimension or classes.
    /// </exception>
    public AdaptiveMemory(AdaptiveState start, AdaptationSettings? settings = null, AdaptiveState? resumed = null)
        : this(start, settings, resumed, draw: null)
    {
    }

    /// <param name="start">Where to start.</param>
    /// <param name="settings">Null means the defaults.</param>
    /// <param name="resumed">Where to go on; null means at the start.</param>
    /// <param name="draw">Takes the place of the seeded stream; null takes the stream.</param>
    internal AdaptiveMemory(
        AdaptiveState start, AdaptationSettings? settings, AdaptiveState? resumed, Func<long, long>? draw)
    {
        ArgumentNullException.ThrowIfNull(start);
        Settings = settings ?? new AdaptationSettings();
        Capacity = Settings.CapacityFrom(start.Memory.Count, start.ClassCount);
        _sourceStatistics = Settings.MatchStatistics
            ? start.SourceStatistics ?? FeatureStatistics.OfSource(start.Memory)
            : null;
        CheckSettings(start);
        CheckResumed(start, resumed);

        _start = start;
        _givenDraw = draw;
        _vote = new SimilarityVote(Settings, start.ClassCount);
        _recent = new RecentRows(Settings.BatchSize, start.Memory.Dimension);
        _asked = new long[start.ClassCount];
        _domains = new DomainLog(start);
        Load(resumed ?? start);
    }

    /// <summary>The settings it was made with.</summary>
    public AdaptationSettings Settings { get; }

    /// <summary>Most entries it may hold.</summary>
    public int Capacity { get; }

    /// <summary>Number of entries now.</summary>
    public int Count => _bank.Count;

    /// <summary>Number of classes c.</summary>
    public int ClassCount => _start.ClassCount;

    /// <summary>Length d of a row.</summary>
    public int Dimension => _start.Memory.Dimension;

    /// <summary>Number of votes that wait for a prediction.</summary>
    internal int IdleCount => _idleVotes.Count;

    /// <summary>Gives the entries as they are now; costs nothing and waits for nobody.</summary>
    public BankSnapshot Memory() => _bank.Snapshot();

    /// <summary>Predicts rows with the memory as it is, and leaves it so.</summary>
    /// <param name="rows">[n, d], row-major; a row with NaN or infinity gets no prediction.</param>
    /// <param name="predictions">Receives what was predicted.</param>
    /// <param name="options">Null means <see cref="SearchOptions.Default"/>; a filter says who may vote.</param>
    /// <exception cref="ArgumentException">
    /// The length is not a multiple of d, or n·c is beyond the largest array.
    /// </exception>
    public void Predict(ReadOnlySpan<float> rows, AdaptivePredictions predictions, SearchOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        int count = RowsIn(rows);

        predictions.Reset(count, ClassCount);
        SimilarityVote vote = _idleVotes.TryTake(out SimilarityVote? idle)
            ? idle
            : new SimilarityVote(Settings, ClassCount);
        vote.Predict(_bank.Snapshot(), Matched(rows, _rowStatistics), 0, predictions, options);
        if (!vote.IsLarge) _idleVotes.Add(vote);
    }

    /// <summary>Gives all that it knows now.</summary>
    public AdaptiveState Snapshot()
    {
        lock (_gate)
        {
            BankSnapshot memory = _bank.Snapshot();
            EntryNote[] notes =
            [
                .. memory.Entries.Where(entry => entry.Origin != EntryOrigin.Source).Select(entry => NoteOf(entry.Id)),
            ];
            return new AdaptiveState(memory, ClassCount, notes, [.. _asked], _nextId, [.. _random.State])
            {
                SourceStatistics = _sourceStatistics,
                RecentRows = _recent.ToArray(),
            };
        }
    }

    /// <summary>Goes back to where it started, bit for bit; the report starts anew.</summary>
    public void Reset()
    {
        lock (_gate)
        {
            Load(_start);
            _domains.Clear();
        }
    }

    private void CheckSettings(AdaptiveState start)
    {
        var violations = new OptionViolations(Settings.GetType().Name);
        Settings.Validate(violations);
        int fewest = Math.Max(start.Memory.Count, start.ClassCount);
        violations.Require(
            Capacity >= fewest,
            nameof(AdaptationSettings.Capacity),
            $"at least {fewest}, since the memory starts with {start.Memory.Count} entries and "
            + $"{start.ClassCount} classes",
            Settings.Capacity);
        violations.Require(
            !Settings.MatchStatistics || _sourceStatistics is not null,
            nameof(AdaptationSettings.MatchStatistics),
            $"false where the memory has fewer than {FeatureStatistics.FewestRows} source entries",
            Settings.MatchStatistics);
        violations.ThrowIfAny();
    }

    private void CheckResumed(AdaptiveState start, AdaptiveState? resumed)
    {
        if (resumed is null) return;
        if (resumed.Memory.Dimension != start.Memory.Dimension || resumed.ClassCount != start.ClassCount)
        {
            throw new ArgumentException(
                $"resumed must have {start.Memory.Dimension} features and {start.ClassCount} classes, as the start. "
                + $"Got {resumed.Memory.Dimension} and {resumed.ClassCount}.",
                nameof(resumed));
        }

        if (resumed.Memory.Count > Capacity)
        {
            throw new ArgumentException(
                $"resumed must have at most {Capacity} entries, the capacity. Got {resumed.Memory.Count}.",
                nameof(resumed));
        }
    }

    [MemberNotNull(nameof(_bank), nameof(_random), nameof(_policy))]
    private void Load(AdaptiveState state)
    {
        _bank = new MemoryBank(state.Memory);
        _random = new SeededRandom(state.Random);
        _policy = EvictionPolicy.Create(
            Settings.Eviction, ClassCount, _givenDraw ?? (bound => _random.Next(bound)));
        Dictionary<long, EntryNote> notes = state.Notes.ToDictionary(note => note.Id);
        _entries.Clear();
        foreach (Entry entry in state.Memory.Entries)
        {
            EntryNote? note = notes.GetValueOrDefault(entry.Id);
            var kept = new AdaptiveEntry(
                entry.Id, entry.Label, entry.Origin, note?.Confidence ?? 1, [.. note?.ParentIds ?? []])
            {
                Usefulness = note?.Usefulness ?? 0,
                IsStored = true,
            };
            _entries.Add(entry.Id, kept);
            _policy.Add(kept);
        }

        state.Asked.CopyTo(_asked, 0);
        _askedOfAll = _asked.Sum();
        _nextId = state.NextId;
        _recent.Clear();
        for (int row = 0; row < state.RecentRows.Length; row += Dimension)
            _recent.Add(state.RecentRows.AsSpan(row, Dimension));
        _rowStatistics = FeatureStatistics.Of(_recent.ToArray(), Dimension); // of those that fit
    }

    private EntryNote NoteOf(long id)
    {
        AdaptiveEntry entry = _entries[id];
        return new EntryNote(id)
        {
            Confidence = entry.Confidence,
            Usefulness = entry.Usefulness,
            ParentIds = entry.Parents,
        };
    }

    private int RowsIn(ReadOnlySpan<float> rows)
        => rows.Length % Dimension == 0
            ? rows.Length / Dimension
            : throw new ArgumentException($"rows must be [n, {Dimension}]. Got {rows.Length} values.", nameof(rows));

    /// <summary>Moves finite rows to the statistics of the source, where that is asked for and possible.</summary>
    private ReadOnlySpan<float> Matched(ReadOnlySpan<float> rows, FeatureStatistics? statistics)
    {
        if (_sourceStatistics is null || statistics is null) return rows;
        float[] matched = new float[rows.Length];
        for (int start = 0; start < rows.Length; start += Dimension)
            statistics.Map(rows.Slice(start, Dimension), _sourceStatistics, matched.AsSpan(start, Dimension));

        return matched;
    }

    /// <summary>A row that enters the memory at the end of its batch.</summary>
    private readonly record struct Arrival(AdaptiveEntry Entry, int Row);
}
