// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Memory;

namespace MemoryServe;

/// <summary>The memory inside a pipeline, and what comes before it.</summary>
internal sealed class MemoryFace
{
    private readonly ITransformer? _head;
    private readonly Lazy<AdaNpcSession>? _session;

    private MemoryFace(ITransformer memory, ITransformer? head)
    {
        Memory = memory;
        _head = head;
        Visual = memory as VisualMemoryTransformer;
        Adaptive = memory as AdaNpcTransformer;
        Compressed = memory as CompressedMemoryTransformer;
        if (Adaptive is { } adaptive) _session = new Lazy<AdaNpcSession>(adaptive.CreateAdaptiveSession);
    }

    public ITransformer Memory { get; }

    /// <summary>The memory as one that can be explained and edited; null where it is of another kind.</summary>
    public VisualMemoryTransformer? Visual { get; }

    /// <summary>The memory as one that adapts; null where it is of another kind.</summary>
    public AdaNpcTransformer? Adaptive { get; }

    /// <summary>The memory as one of codes; null where it is of another kind.</summary>
    public CompressedMemoryTransformer? Compressed { get; }

    /// <summary>What kind of memory it is, in words.</summary>
    public string Kind
        => Visual is not null ? "visual memory" : Adaptive is not null ? "adaptive memory" : "compressed memory";

    public IReadOnlyList<string> ClassNames
        => Visual?.ClassNames ?? Adaptive?.ClassNames ?? Compressed!.ClassNames;

    public string FeatureColumnName
        => Visual?.FeatureColumnName ?? Adaptive?.FeatureColumnName ?? Compressed!.FeatureColumnName;

    /// <summary>Length of a row of features.</summary>
    public int Dimension => ((VectorDataViewType)(
        Visual?.FeatureColumnType ?? Adaptive?.FeatureColumnType ?? Compressed!.FeatureColumnType)).Size;

    /// <summary>The entries with their vectors; null where the memory keeps codes.</summary>
    public BankSnapshot? Entries => Visual?.Model ?? Adaptive?.Model.Memory;

    public int EntryCount => Entries?.Count ?? Compressed!.Model.Count;

    /// <summary>Bytes of the entries: their vectors, or their codes.</summary>
    public long EntryBytes => Compressed?.Model.BankBytes ?? (long)EntryCount * Dimension * sizeof(float);

    /// <summary>Names of the columns that an example has beside the features.</summary>
    public ExampleColumns ExampleColumns => Visual is { Options: var options }
        ? new ExampleColumns(options.LabelColumnName, options.IdColumnName, options.ExampleWeightColumnName)
        : Adaptive is not null
            ? new ExampleColumns(Adaptive.Options.LabelColumnName, null, null)
            : new ExampleColumns(Compressed!.Options.LabelColumnName, Compressed.Options.IdColumnName, null);

    /// <summary>Whether an entry is stored.</summary>
    public bool Holds(long id) => Entries?.TryFind(id, out _) ?? Compressed!.Model.Ids.Contains(id);

    /// <summary>Predicts rows with an adaptive memory as it is: it does not adapt to them.</summary>
    public IReadOnlyList<AdaptivePrediction> PredictAsItIs(IDataView rows) => _session!.Value.Predict(Before(rows));

    /// <summary>Finds the memory of a pipeline; null where there is none, or more than one.</summary>
    public static MemoryFace? Find(ITransformer pipeline)
    {
        ITransformer[] steps = [.. Flatten(pipeline)];
        int[] found = [.. Enumerable.Range(0, steps.Length)
            .Where(index => steps[index]
                is VisualMemoryTransformer or AdaNpcTransformer or CompressedMemoryTransformer)];
        if (found.Length != 1) return null;
        ITransformer? head = found[0] == 0 ? null : new TransformerChain<ITransformer>(steps[..found[0]]);
        return new MemoryFace(steps[found[0]], head);
    }

    /// <summary>Gives rows as the memory sees them: after everything that comes before it.</summary>
    public IDataView Before(IDataView rows) => _head?.Transform(rows) ?? rows;

    private static IEnumerable<ITransformer> Flatten(ITransformer model)
        => model is IEnumerable<ITransformer> chain ? chain.SelectMany(Flatten) : [model];
}
