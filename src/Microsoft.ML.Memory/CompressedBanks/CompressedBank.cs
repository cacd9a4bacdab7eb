// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>A labelled memory that keeps, of each entry, only the index of its code, its class and its id.</summary>
/// <remarks>
/// <para>A prediction depends on the entries only through how many of each class use each code, so neither on their
/// order nor, in time, on their number.</para>
/// <para>Immutable: <see cref="Add"/> and <see cref="Remove"/> give a new bank that shares the codebook. They copy a
/// few bytes an entry. Safe for concurrent use.</para>
/// <para>Removing is exact with respect to the bank; the codebook, trained once, may still carry traces of the rows
/// that it was trained on.</para>
/// <para>Source: Katraouras and Rafailidis, 2026, arXiv 2601.00756.</para>
/// </remarks>
public sealed class CompressedBank
{
    private readonly PackedCodes _codes;
    private readonly PackedCodes _labels;
    private readonly long[] _ids;
    private readonly long[] _histogram;
    private readonly long[] _counts;

    /// <summary>Makes an empty bank.</summary>
    /// <param name="codebook">The codes, frozen from now on.</param>
    /// <param name="classCount">Number of classes c, at least 1.</param>
    /// <exception cref="ArgumentException">The number of classes is below 1.</exception>
    public CompressedBank(Codebook codebook, int classCount)
        : this(
            codebook ?? throw new ArgumentNullException(nameof(codebook)),
            Check.AtLeast(classCount, 1, "CompressedBank's classCount"),
            [],
            [],
            [],
            0)
    {
    }

    /// <param name="codebook">The codes.</param>
    /// <param name="classCount">Classes c.</param>
    /// <param name="codes">[n] code of each entry.</param>
    /// <param name="labels">[n] class of each entry.</param>
    /// <param name="ids">[n] id of each entry; belongs to the bank.</param>
    /// <param name="nextId">Lowest id that has never been given.</param>
    internal CompressedBank(
        Codebook codebook, int classCount, ReadOnlySpan<int> codes, ReadOnlySpan<int> labels, long[] ids, long nextId)
    {
        Codebook = codebook;
        ClassCount = classCount;
        NextId = nextId;
        _codes = PackedCodes.Pack(codes, PackedCodes.BitsFor(codebook.Count));
        _labels = PackedCodes.Pack(labels, PackedCodes.BitsFor(classCount));
        _ids = ids;
        _histogram = new long[(long)codebook.Count * classCount];
        _counts = new long[codebook.Count];
        for (int entry = 0; entry < ids.Length; entry++)
        {
            _histogram[(codes[entry] * classCount) + labels[entry]]++;
            _counts[codes[entry]]++;
        }
    }

    /// <summary>The codes.</summary>
    public Codebook Codebook { get; }

    /// <summary>Number of classes c.</summary>
    public int ClassCount { get; }

    /// <summary>Number of entries.</summary>
    public int Count => _ids.Length;

    /// <summary>Ids of the entries, in the order in which they were added.</summary>
    public IReadOnlyList<long> Ids => Array.AsReadOnly(_ids);

    /// <summary>Bytes of the packed code indices alone: the bits of K - 1, for every entry.</summary>
    public long IndexBytes => _codes.Bytes.Length;

    /// <summary>Bytes of the bank: code indices, classes and ids, without the codebook.</summary>
    public long BankBytes => IndexBytes + _labels.Bytes.Length + ((long)_ids.Length * sizeof(long));

    /// <summary>Bytes of the codebook, which do not grow with the entries.</summary>
    public long CodebookBytes => Codebook.SizeBytes;

    /// <summary>Number of codes that an entry uses.</summary>
    public int UsedCodeCount => _counts.Count(count => count > 0);

    /// <summary>Perplexity of the codes that the entries use: K where all are used alike.</summary>
    public double Perplexity => CodePerplexity.Of(_counts);

    /// <summary>Lowest id that has never been given.</summary>
    internal long NextId { get; }

    /// <summary>Packed code of each entry.</summary>
    internal PackedCodes Codes => _codes;

    /// <summary>Packed class of each entry.</summary>
    internal PackedCodes Labels => _labels;

    /// <summary>Gives the number of entries of each class that use a code, [c].</summary>
    public ReadOnlySpan<long> HistogramOf(int code)
        => _histogram.AsSpan(Check.Index(code, Codebook.Count) * ClassCount, ClassCount);

    /// <summary>Gives the number of entries that use a code.</summary>
    public long CountOf(int code) => _counts[Check.Index(code, Codebook.Count)];

    /// <summary>Gives the class and code of an entry by its place, counted from 0 in the order of adding.</summary>
    public (int Label, int Code) EntryAt(int place) => (_labels[place], _codes[place]);

    /// <summary>Adds entries, forward only: the codebook stays as it is.</summary>
    /// <param name="rows">[n, d], row-major, finite.</param>
    /// <param name="labels">[n] classes, in [0, c).</param>
    /// <param name="classCount">Classes from now on, at least as many as before.</param>
    /// <param name="ids">
    /// [n] ids, none of them stored yet, no two equal, none <see cref="long.MaxValue"/>; empty takes the next free
    /// ones.
    /// </param>
    /// <returns>A new bank; this one stays as it is.</returns>
    /// <exception cref="ArgumentException">
    /// A length does not fit, a value is out of its range, or an id is taken; nothing is added.
    /// </exception>
    /// <exception cref="InvalidOperationException">No ids are left.</exception>
    public CompressedBank Add(
        ReadOnlySpan<float> rows, ReadOnlySpan<int> labels, int classCount, ReadOnlySpan<long> ids = default)
    {
        Check.AtLeast(classCount, ClassCount, "CompressedBank's classCount");
        for (int row = 0; row < labels.Length; row++)
        {
            if ((uint)labels[row] >= (uint)classCount)
                throw new ArgumentException(
                    $"labels must be in [0, {classCount}). Got {labels[row]} in row {row}.", nameof(labels));
        }

        long[] added = CheckIds(ids, labels.Length);
        int[] codes = new int[labels.Length];
        Codebook.Encode(rows, codes);
        long nextId = added.Length == 0 ? NextId : Math.Max(NextId, added.Max() + 1);
        return new CompressedBank(
            Codebook,
            classCount,
            (int[])[.. _codes.Unpack(), .. codes],
            (int[])[.. _labels.Unpack(), .. labels],
            [.. _ids, .. added],
            nextId);
    }

    /// <summary>Forgets entries: the result predicts as if they had never been added.</summary>
    /// <param name="ids">Ids of entries, each stored and named once.</param>
    /// <returns>A new bank; this one keeps the entries.</returns>
    /// <exception cref="KeyNotFoundException">An id is not stored; nothing is removed.</exception>
    /// <exception cref="ArgumentException">An id is named twice; nothing is removed.</exception>
    public CompressedBank Remove(params ReadOnlySpan<long> ids)
    {
        var removed = new HashSet<long>(ids.Length);
        HashSet<long> stored = [.. _ids];
        foreach (long id in ids)
        {
            if (!stored.Contains(id))
                throw new KeyNotFoundException($"ids must be stored. Got {id}, which is not. Nothing was removed.");
            if (!removed.Add(id))
                throw new ArgumentException($"ids must differ. Got {id} twice. Nothing was removed.", nameof(ids));
        }

        int[] kept = [.. Enumerable.Range(0, Count).Where(place => !removed.Contains(_ids[place]))];
        return new CompressedBank(
            Codebook,
            ClassCount,
            Array.ConvertAll(kept, place => _codes[place]),
            Array.ConvertAll(kept, place => _labels[place]),
            Array.ConvertAll(kept, place => _ids[place]),
            NextId);
    }

    private long[] CheckIds(ReadOnlySpan<long> ids, int count)
    {
        if (ids.IsEmpty)
        {
            if (NextId > long.MaxValue - count)
                throw new InvalidOperationException(
                    $"The bank must have ids left for {count} entries. Got next id {NextId}. Give lower ids.");
            return [.. Enumerable.Range(0, count).Select(row => NextId + row)];
        }

        Check.Length(ids.Length, count, nameof(ids), $"[{count}]");
        HashSet<long> taken = [.. _ids];
        for (int row = 0; row < ids.Length; row++)
        {
            if (!taken.Add(ids[row]))
                throw new ArgumentException(
                    $"ids must be free and differ. Got {ids[row]} again in row {row}.", nameof(ids));
            if (ids[row] == long.MaxValue)
                throw new ArgumentException($"ids must be below {long.MaxValue}. Got it in row {row}.", nameof(ids));
        }

        return ids.ToArray();
    }
}
