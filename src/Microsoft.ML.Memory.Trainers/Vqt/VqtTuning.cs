// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using static TorchSharp.torch;

namespace Microsoft.ML.Memory;

/// <summary>Queries every block of the trunk with learned tokens.</summary>
internal sealed class VqtTuning : ReadoutTuning
{
    private const string MaskName = "features.mask"; // [F], 1 or 0
    private const string KeptName = "features.kept"; // [k], numbers of features
    private readonly Tensor[] _queries;
    private readonly double _dropout;
    private readonly long _fullSize;
    private readonly Tensor? _kept;

    /// <param name="backbone">The backbone.</param>
    /// <param name="options">The settings.</param>
    /// <param name="random">Draws first values.</param>
    /// <param name="isTrained">Whether features that are not to be kept are still there to be chosen from.</param>
    public VqtTuning(Backbone backbone, VqtOptions options, SeededRandom random, bool isTrained)
    {
        using var scope = NewDisposeScope();
        BackboneConfig config = backbone.Config;
        long width = config.HiddenSize, count = options.QueryCount;
        _dropout = options.Dropout;
        _fullSize = backbone.Trunk.PooledSize + (config.LayerCount * count * width);
        long kept = options.KeptOf(_fullSize); // may refuse, before anything is made
        FeatureSize = isTrained ? _fullSize : kept;
        _queries = count == 0 ? [] : [.. Enumerable.Range(0, config.LayerCount).Select(i =>
            Train($"layer.{i}.queries", TensorInit.Tokens(random, count, config, backbone.Device), false))];
        if (options.KeepFeatures is null) return;
        Tensor chosen = Keep(isTrained ? MaskName : KeptName, ones([FeatureSize], float32, backbone.Device));
        if (isTrained) Selection = new FeatureSelection(chosen, kept);
        else _kept = chosen;
    }

    public override string Name => nameof(VqtOptions);

    public override long FeatureSize { get; }

    public override FeatureSelection? Selection { get; }

    /// <summary>Keys and values of one block live at a time, but for what autograd keeps of them.</summary>
    public override Tensor Feature(Trunk trunk, BackboneBatch batch, ForwardPass pass)
    {
        if (batch.Taps is not null) return base.Feature(trunk, batch, pass);
        using var scope = NewDisposeScope();
        var gathered = new Tensor[_queries.Length];
        Tensor x = trunk.Embed(batch);
        foreach (TrunkBlock block in trunk.Blocks)
        {
            if (_queries.Length > 0) gathered[block.Index] = Gather(block, x, batch.Mask, pass);
            Tensor y = Next(block, x, batch.Mask);
            x.Dispose();
            x = y;
        }

        return Chosen(Join(Pooled(trunk, x, batch.Mask), gathered)).MoveToOuterDisposeScope();
    }

    /// <returns>Keys [B, N, D] and values of each block, then the backbone's feature.</returns>
    public override Tensor[] Tap(Trunk trunk, BackboneBatch batch)
    {
        using IDisposable frozen = no_grad();
        using var scope = NewDisposeScope();
        List<Tensor> taps = [];
        Tensor x = trunk.Embed(batch);
        foreach (TrunkBlock block in trunk.Blocks)
        {
            if (_queries.Length > 0) taps.AddRange(KeyAndValue(block, x));
            Tensor y = Next(block, x, batch.Mask);
            x.Dispose();
            x = y;
        }

        taps.Add(Pooled(trunk, x, batch.Mask));
        return [.. taps.Select(t => t.MoveToOuterDisposeScope())];
    }

    public override Tensor Read(Trunk trunk, Tensor[] taps, Tensor? mask, ForwardPass pass)
    {
        using var scope = NewDisposeScope();
        var gathered = new Tensor[_queries.Length];
        for (int i = 0; i < gathered.Length; i++)
            gathered[i] = Gather(trunk.Blocks[i], taps[2 * i], taps[(2 * i) + 1], mask, pass);
        return Chosen(Join(taps[^1], gathered)).MoveToOuterDisposeScope();
    }

    public override void CopyTo(Tuning fitted)
    {
        if (Selection is not { } selection)
        {
            base.CopyTo(fitted);
            return;
        }

        using var scope = NewDisposeScope();
        var chosen = (VqtTuning)fitted;
        foreach ((Tensor own, Tensor copy) in _queries.Zip(chosen._queries)) copy.copy_(own);
        chosen._kept!.copy_(selection.Kept());
    }

    public override void RequireValid()
    {
        if (_kept is null) return;
        float[] kept = TensorData.ToArray(_kept);
        for (int i = 0; i < kept.Length; i++)
        {
            bool fits = kept[i] == MathF.Floor(kept[i]) && kept[i] >= 0 && kept[i] < _fullSize;
            if (fits && (i == 0 || kept[i] > kept[i - 1])) continue;
            throw new InvalidDataException($"The model file must hold ascending numbers below {_fullSize} in "
                + string.Create(CultureInfo.InvariantCulture, $"'{KeptName}'. Got {kept[i]} at {i}. ")
                + "Save the model again.");
        }
    }

    /// <summary>What the queries of a block gather, Z [B, T, D].</summary>
    public Tensor Gather(TrunkBlock block, Tensor key, Tensor value, Tensor? mask, ForwardPass pass)
    {
        using var scope = NewDisposeScope();
        // [1, T, D]: norm and query layer run once for all examples, attention spreads them over the batch.
        Tensor queries = pass.Drop(_queries[block.Index], _dropout).unsqueeze(0);
        // Operators that differentiate by hand give gradients of their inputs' shapes, and do not spread.
        if (pass.Operators != BlockOperators.Plain) queries = queries.expand(key.size(0), -1, -1);
        return block.Apply(queries, mask, new QueriesOnly(block, key, value), pass).MoveToOuterDisposeScope();
    }

    /// <summary>Keys and values [B, N, D] of a block for its input.</summary>
    public static Tensor[] KeyAndValue(TrunkBlock block, Tensor x)
    {
        using IDisposable frozen = no_grad();
        using var scope = NewDisposeScope();
        (Tensor key, Tensor value) = QueriesOnly.KeysAndValues(block, x);
        return [key.Wide().MoveToOuterDisposeScope(), value.Wide().MoveToOuterDisposeScope()];
    }

    private Tensor Gather(TrunkBlock block, Tensor x, Tensor? mask, ForwardPass pass)
    {
        using var scope = NewDisposeScope();
        Tensor[] taps = KeyAndValue(block, x);
        return Gather(block, taps[0], taps[1], mask, pass).MoveToOuterDisposeScope();
    }

    private static Tensor Next(TrunkBlock block, Tensor x, Tensor? mask)
    {
        using IDisposable frozen = no_grad();
        return block.Apply(x, mask, BlockChanges.None, ForwardPass.Plain);
    }

    private static Tensor Pooled(Trunk trunk, Tensor x, Tensor? mask)
    {
        using IDisposable frozen = no_grad();
        return trunk.Pool(x, mask);
    }

    private Tensor Chosen(Tensor feature) => _kept is not null
        ? feature.index_select(1, _kept.to_type(int64))
        : Selection?.Apply(feature) ?? feature;

    private static Tensor Join(Tensor feature, Tensor[] gathered)
    {
        using var scope = NewDisposeScope();
        Tensor[] parts = [feature, .. gathered.Select(z => z.flatten(1))]; // [B, T, D] -> [B, T D]
        return cat([.. parts.Select(p => nn.functional.normalize(p))], 1).MoveToOuterDisposeScope();
    }
}
