// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics.Tensors;

namespace Microsoft.ML.Memory;

/// <summary>Makes the features of a row of what a network computed for it.</summary>
internal sealed class EmbedPool
{
    private readonly EmbedPooling _pooling;
    private readonly bool _normalizes;
    private readonly IReadOnlyList<int> _dims;
    private readonly bool _hasChannelsLast;

    /// <param name="options">How to pool.</param>
    /// <param name="network">The network.</param>
    /// <exception cref="ArgumentException">The tensor is not of a shape that can be pooled so.</exception>
    public EmbedPool(EmbedOnnxOptions options, EncoderNetwork network)
    {
        _pooling = options.Pooling;
        _normalizes = options.Normalize;
        _dims = network.OutputDims;
        _hasChannelsLast = network.ImageInput is { Dims: [not (1 or 3), _, 1 or 3] };
        RequireFit(network.OutputTensor);
        if (UsesWeights) RequireMask(network);
        FeatureCount = _pooling switch
        {
            EmbedPooling.None => checked((int)_dims.Aggregate(1L, (product, dim) => checked(product * dim))),
            EmbedPooling.First => _dims[1],
            _ => _dims.Count == 2 || _hasChannelsLast ? _dims[^1] : _dims[0],
        };
        if (FeatureCount < 1)
        {
            throw new ArgumentException(
                $"Tensor '{network.OutputTensor}' of the network must hold at least one number a row. Got none.");
        }
    }

    /// <summary>Length of the features.</summary>
    public int FeatureCount { get; }

    /// <summary>Whether features are the numbers of the network as they come.</summary>
    public bool IsPlain => _pooling == EmbedPooling.None && !_normalizes;

    /// <summary>Whether tokens are weighted.</summary>
    public bool UsesWeights => _pooling == EmbedPooling.Mean && _dims.Count == 2;

    /// <summary>Numbers of a row of the tensor.</summary>
    public int LengthOf(int tokenCount)
        => checked((int)_dims.Aggregate(1L, (p, dim) => checked(p * (dim < 0 ? tokenCount : dim))));

    /// <summary>Makes the features of a row.</summary>
    /// <param name="row">All numbers of the row.</param>
    /// <param name="weights">Weight of each token; empty where all count the same.</param>
    /// <param name="features">Receives [d].</param>
    public void Pool(ReadOnlySpan<float> row, ReadOnlySpan<float> weights, Span<float> features)
    {
        if (_pooling != EmbedPooling.Mean) row[..features.Length].CopyTo(features);
        else if (_dims.Count == 2 || _hasChannelsLast) MeanOfRows(row, weights, features);
        else MeanOfPlanes(row, features);
        if (_normalizes && TensorPrimitives.IsFiniteAll<float>(features)) UnitRow.Scale(features);
    }

    private static void MeanOfRows(ReadOnlySpan<float> row, ReadOnlySpan<float> weights, Span<float> features)
    {
        features.Clear();
        double total = 0;
        int count = row.Length / features.Length;
        for (int token = 0; token < count; token++)
        {
            float weight = weights.IsEmpty ? 1 : weights[token];
            total += weight;
            ReadOnlySpan<float> values = row.Slice(token * features.Length, features.Length);
            if (weight != 0) TensorPrimitives.MultiplyAdd(values, weight, features, features);
        }

        TensorPrimitives.Divide(features, (float)total, features);
    }

    private static void MeanOfPlanes(ReadOnlySpan<float> row, Span<float> features)
    {
        int length = row.Length / features.Length;
        for (int channel = 0; channel < features.Length; channel++)
            features[channel] = TensorPrimitives.Sum(row.Slice(channel * length, length)) / length;
    }

    /// <summary>A mask says which tokens count, so there must be as many as the tensor has.</summary>
    private void RequireMask(EncoderNetwork network)
    {
        NetworkInput? mask = network.Inputs.FirstOrDefault(input => input.Name == NetworkInput.MaskName);
        if (mask is null or { Kind: FeedKind.Ones }) return;
        bool fits = mask.IsOfAnyLength == (_dims[0] < 0) && mask.LengthOf(1) == Math.Abs(_dims[0]);
        if (fits) return;
        string got = mask.IsOfAnyLength ? "one for each token of a row" : $"{mask.LengthOf(1)}";
        string tokens = _dims[0] < 0 ? "tokens" : $"{_dims[0]}";
        throw new ArgumentException(
            $"Input '{mask.Name}' of the network must hold as many numbers as tensor '{network.OutputTensor}' of "
            + $"[{tokens}, {_dims[1]}] a row has tokens, to weigh them. Got {got}. Name another tensor in "
            + "EmbedOnnxOptions.OutputTensor, or leave out Mean.");
    }

    private void RequireFit(string tensor)
    {
        string shape = $"[{string.Join(", ", _dims.Select(dim => dim < 0 ? "tokens" : $"{dim}"))}] a row";
        bool fits = _pooling switch
        {
            EmbedPooling.None => !_dims.Contains(NetworkInput.AnyLength),
            EmbedPooling.First => _dims.Count == 2,
            _ => _dims.Count is 2 or 3,
        };
        if (fits) return;
        string needed = _pooling switch
        {
            EmbedPooling.None => "First or Mean for rows of any length",
            EmbedPooling.First => "None or Mean for a tensor that is not [tokens, d] a row",
            _ => "None for a tensor that is neither [tokens, d] nor [c, height, width] a row",
        };
        throw new ArgumentException(
            $"EmbedOnnxOptions.Pooling must be {needed}. Got {_pooling} for tensor '{tensor}' of {shape}.");
    }
}
