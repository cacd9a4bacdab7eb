// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.CompilerServices;

namespace Microsoft.ML.Memory;

/// <summary>The coded queries of one pass over the rows, and what each worker has found for them so far.</summary>
internal sealed unsafe class CodeWave<TTile> where TTile : struct, ICodeTile
{
    private const double LeastWorkOfThread = 1 << 22;

    private readonly ScanRequest _scan;
    private readonly byte* _panels;
    private readonly sbyte* _codes;
    private readonly QueryCode* _queries;
    private readonly short* _fineCodes;
    private readonly FineCode* _fine;
    private readonly SharedThresholds _thresholds;
    private readonly RangeHits[]? _hits;

    /// <param name="scratch">Where the memory comes from.</param>
    /// <param name="scan">What is asked for.</param>
    /// <param name="plan">Queries of a pass at most, a multiple of the panel's, and workers.</param>
    /// <param name="hits">
    /// For each worker, what takes all rows within a distance; null where the nearest are wanted.
    /// </param>
    public CodeWave(NativeScratch scratch, in ScanRequest scan, WavePlan plan, RangeHits[]? hits = null)
    {
        int capacity = plan.QueryCount;
        int workers = plan.WorkerCount;
        _scan = scan;
        _hits = hits;
        Length = RowCode.LengthOf(scan.Dimension);
        Capacity = capacity;
        _panels = scratch.Take<byte>((long)capacity * Length);
        _codes = scratch.Take<sbyte>((long)workers * Length);
        new Span<sbyte>(_codes, workers * Length).Clear();
        _queries = scratch.Take<QueryCode>(capacity);
        _fineCodes = scratch.Take<short>((long)capacity * Length);
        new Span<byte>(_fineCodes, checked(capacity * Length * sizeof(short))).Clear();
        _fine = scratch.Take<FineCode>(capacity);
        Lengths = scratch.Take<float>(capacity);
        Reciprocals = scratch.Take<float>(capacity);
        _thresholds = new SharedThresholds(scratch, capacity);
        Candidates = new CodeCandidates[workers];
        for (int worker = 0; worker < workers; worker++)
            Candidates[worker] = new CodeCandidates(scratch, capacity, scan.NeighborCount);
    }

    /// <summary>Queries of a pass at most.</summary>
    public int Capacity { get; }

    /// <summary>Length of a padded code.</summary>
    public int Length { get; }

    /// <summary>The search's query that stands at the first place.</summary>
    public int First { get; private set; }

    /// <summary>Number of queries of the pass.</summary>
    public int Count { get; private set; }

    public int WorkerCount => Candidates.Length;

    public CodeCandidates[] Candidates { get; }

    /// <summary>One number a query: the length of its code.</summary>
    public float* Lengths { get; }

    /// <summary>One number a query: the reciprocal of its step.</summary>
    public float* Reciprocals { get; }

    /// <summary>Plans the waves of a search.</summary>
    public static WavePlan PlanOf(in ScanRequest scan, int queryCount, int threadCount) =>
        WavePlan.Of(scan, queryCount, TTile.Queries, BytesOf(scan.NeighborCount), LeastWorkOfThread, threadCount);

    /// <summary>Gives the bytes of working memory that one query needs beside its panel, for one worker.</summary>
    private static long BytesOf(int k) => (long)CodeCandidates.CapacityOf(k) * sizeof(CodeCandidates.Candidate);

    public byte* Panel(int panel) => _panels + ((nint)panel * TTile.Queries * Length);

    public ref readonly QueryCode Query(int place) => ref _queries[place];

    public float* Values(int place) => _scan.Query(First + place);

    /// <summary>Opens a pass; its queries are then put in place with <see cref="Put"/>.</summary>
    public void Open(int first, int count)
    {
        First = first;
        Count = count;
    }

    /// <summary>Codes the query of a place; places from <see cref="Count"/> on are padding.</summary>
    public void Put(int worker, int place)
    {
        sbyte* code = _codes + ((nint)worker * Length);
        QueryCode query = place < Count
            ? QueryCode.Of(_scan.Metric, Values(place), _scan.Dimension, TTile.Largest, code)
            : default;
        _queries[place] = query;
        _fine[place] = query.IsCoded
            ? FineCode.Of(Values(place), _scan.Dimension, query.Step, _fineCodes + ((nint)place * Length))
            : default;
        Lengths[place] = query.Length;
        Reciprocals[place] = query.IsCoded ? 1 / query.Step : 0;
        float threshold = !query.IsCoded ? float.PositiveInfinity
            : _hits is null ? float.NegativeInfinity
            : query.Cutoff(_scan.Metric, _hits[0].Reach);
        foreach (ref CodeCandidates candidates in Candidates.AsSpan())
            candidates.Clear(place, threshold);

        _thresholds.Set(place, threshold);
        if (!query.IsCoded) new Span<sbyte>(code, Length).Clear();
        Pack(place, code);
    }

    /// <summary>
    /// Makes room in a buffer of candidates: drops those that cannot be among the nearest or, where all within a
    /// distance are wanted, compares all in double.
    /// </summary>
    public void MakeRoom(int worker, int place)
    {
        ref readonly CodeCandidates candidates = ref Candidates[worker];
        if (_hits is null) candidates.Raise(place);
        else
        {
            _hits[worker].Compare(_scan, First + place, _queries[place].SquaredNorm, candidates.Of(place));
            candidates.Clear(place, candidates.Thresholds[place]);
        }
    }

    /// <summary>Ends a worker's pass.</summary>
    public void Close(int worker)
    {
        if (_hits is null) return;
        for (int place = 0; place < Count; place++) MakeRoom(worker, place);
    }

    /// <summary>Lets a worker profit from the thresholds that the others have reached.</summary>
    public void Share(int worker)
    {
        if (WorkerCount > 1) _thresholds.Exchange(Candidates[worker].Thresholds, Count);
    }

    /// <summary>Bounds a row's score by the query's fine code.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float FineBound(int place, sbyte* code, in CodeRowTerms row)
    {
        ref readonly FineCode fine = ref _fine[place];
        int product = FineProduct.Of(code, _fineCodes + ((nint)place * Length), Length);
        return (product * row.Scales[0] * fine.Scale)
            + (fine.Length * row.FineSlacks[0])
            + (Reciprocals[place] * row.Offsets[0]);
    }

    /// <summary>Gives the length of a query's fine code, in units of its step.</summary>
    public float FineLength(int place) => _fine[place].Length;

    /// <summary>Tells how the largest errors of queries relate to their codes' lengths.</summary>
    public (double Coarse, double Fine) LargestErrors()
    {
        double coarse = 0, fine = 0;
        for (int place = 0; place < Count; place++)
        {
            coarse = Math.Max(coarse, _queries[place].Error);
            fine = Math.Max(fine, _fine[place].Error);
        }

        return (coarse, fine);
    }

    private void Pack(int place, sbyte* code)
    {
        int column = place % TTile.Queries;
        byte* panel = Panel(place / TTile.Queries);
        for (int i = 0; i < Length; i++)
        {
            nint cell = TTile.IsInterleaved
                ? ((nint)(i / sizeof(int)) * TTile.Queries + column) * sizeof(int) + (i % sizeof(int))
                : (nint)column * Length + i;
            panel[cell] = (byte)(code[i] + TTile.Shift);
        }
    }
}
