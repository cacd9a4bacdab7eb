// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>The codebooks of a bank, which keeps codes of its keys: instead of them, or beside them.</summary>
/// <remarks>
/// <para>Whatever goes on from a snapshot that is coded codes what it adds by the same codebooks, which never change;
/// so a search sees every entry at once, and needs no lock.</para>
/// <para>Without keys, a key is what its code stands for: it is what searches rank by, and what is copied, exported and
/// compared.</para>
/// </remarks>
internal sealed class BankQuantizer(ProductQuantizer codebooks, Metric metric, QuantizedSettings settings)
{
    /// <summary>The codebooks.</summary>
    public ProductQuantizer Codebooks => codebooks;

    /// <summary>Settings that the codebooks were trained with and that searches take.</summary>
    public QuantizedSettings Settings => settings;

    /// <summary>Number m of bytes of a code.</summary>
    public int CodeBytes => codebooks.SubspaceCount;

    /// <summary>Whether keys are kept beside their codes.</summary>
    public bool KeepsKeys => settings.KeepVectors;

    /// <summary>Gives the bytes of a key as it is kept.</summary>
    public static long KeyBytes(int dimension, BankQuantizer? quantizer) =>
        (quantizer?.KeepsKeys == false ? 0 : (long)dimension * sizeof(float)) + (quantizer?.CodeBytes ?? 0);

    /// <summary>Trains codebooks on the keys of a snapshot and gives the same entries, coded.</summary>
    /// <remarks>Cost: rounds·256·d for each of at most 32,768 sampled keys, 256·d for each key.</remarks>
    /// <param name="memory">The entries, at least one, with keys and without codes.</param>
    /// <param name="settings">Settings that fit the dimension.</param>
    public static BankSnapshot Attach(BankSnapshot memory, QuantizedSettings settings)
    {
        int[] positions = [.. memory.Entries.Select(entry => entry.Position)];
        ProductQuantizer codebooks = QuantizedCoding.Train(
            positions, memory.CopyKey, memory.Dimension, memory.Metric, settings);
        var quantizer = new BankQuantizer(codebooks, memory.Metric, settings);
        int left = memory.Count;
        int most = EntrySegment.MostRows(memory.Dimension, quantizer);
        var views = new List<SegmentView>();
        foreach (KeyRun run in KeyRun.LiveRunsOf(memory))
        {
            byte[] codes = quantizer.Encode(run.Keys);
            for (int row = 0; row < run.Count; row++, left--)
            {
                if (views.Count == 0 || views[^1].Count == views[^1].Segment.Capacity)
                {
                    int rows = Math.Min(left, most);
                    views.Add(new SegmentView(new EntrySegment(memory.Dimension, rows, owner: null, quantizer), 0));
                }

                SegmentView view = views[^1];
                view.Segment.CopyRow(view.Count, run.Segment, run.Start + row);
                view.Segment.Quantized!.Set(view.Count, codes.AsSpan(row * quantizer.CodeBytes, quantizer.CodeBytes));
                views[^1] = view with { Count = view.Count + 1 };
            }
        }

        return memory.With([.. views], quantizer);
    }

    /// <summary>Codes keys, [n, m].</summary>
    /// <param name="keys">[n, d], finite.</param>
    public byte[] Encode(ReadOnlySpan<float> keys) => QuantizedCoding.Encode(codebooks, metric, keys);

    /// <summary>Gives what the code of a row stands for, [d].</summary>
    public void Decode(QuantizedColumn codes, int row, Span<float> key)
    {
        Span<byte> code = stackalloc byte[CodeBytes];
        codes.CopyTo(row, code);
        codebooks.Decode(code, key);
    }

    /// <summary>Searches blocks of a snapshot; the caller keeps them alive.</summary>
    /// <param name="blocks">The rows, live and removed.</param>
    /// <param name="queries">[n, d].</param>
    /// <param name="k">Neighbours of a query, in [1, number of entries].</param>
    /// <param name="candidates">Entries to choose by their codes; 0 compares all.</param>
    /// <param name="neighbors">Receives the neighbours.</param>
    /// <param name="options">Its filter is asked by ids.</param>
    public void Search(
        ScanBlock[] blocks,
        ReadOnlySpan<float> queries,
        int k,
        int candidates,
        NeighborTable neighbors,
        SearchOptions options)
    {
        neighbors.Reset(queries.Length / codebooks.Dimension, k);
        var request = new QuantizedRequest(
            codebooks, blocks, codebooks.Dimension, metric, k, candidates, options.Filter, QuantizedWidths.Best);
        if (blocks.Length > 0) QuantizedSearch.Run(request, queries, neighbors, options.ThreadCount);
    }
}
