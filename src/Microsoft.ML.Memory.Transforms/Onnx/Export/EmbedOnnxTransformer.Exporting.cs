// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Onnx;

namespace Microsoft.ML.Memory;

public sealed partial class EmbedOnnxTransformer : IOnnxEncoder
{
    string IOnnxEncoder.FeatureColumnName => Options.OutputColumnName;

    IReadOnlyList<string> IOnnxEncoder.InputColumnNames => [.. Network.Inputs.Select(InputColumnName).OfType<string>()];

    EncoderPart IOnnxEncoder.CreatePart()
    {
        ModelProto model = ModelProto.Parser.ParseFrom(Network.Bytes);
        if (Network.IsFreed) BatchFreeing.Free(model);
        return new EncoderPart(
            model,
            [.. Network.Inputs.Select(InputOf)],
            (TensorProto.Types.DataType)Network.OutputType,
            Network.OutputDims)
        {
            FeatureColumnName = Options.OutputColumnName,
            FeatureCount = FeatureCount,
            Fingerprint = EncoderFingerprint,
            HasBatch = Network.Batch.HasDimension,
            BatchSize = Network.Batch.Size,
            Pooling = PoolingOf(),
            IsNormalized = Options.Normalize,
        };
    }

    private static string? InputColumnName(NetworkInput input)
        => input.Kind is FeedKind.Ones or FeedKind.Zeros ? null : input.ColumnName;

    private EncoderInput InputOf(NetworkInput input)
    {
        bool isInterleaved = HasChannelsLast(input);
        int channels = input.Kind == FeedKind.Image ? input.Dims[isInterleaved ? 2 : 0] : 0;
        return new EncoderInput(
            input.Name, (TensorProto.Types.DataType)input.Type, input.Dims, InputColumnName(input))
        {
            Filling = input.Kind == FeedKind.Ones ? 1 : 0,
            Pixels = input.Kind != FeedKind.Image || Options.Image is not { } image
                ? null
                : new PixelArithmetic
                {
                    IsInterleaved = image.Layout == ImageLayout.Interleaved,
                    IsInterleavedInside = isInterleaved,
                    Channels = image.Channels ?? channels,
                    IsReversed = image.ChannelOrder == ImageChannelOrder.Bgr,
                    Scale = image.Scale,
                    Means = image.Mean,
                    Deviations = image.StandardDeviation,
                },
        };
    }

    private static bool HasChannelsLast(NetworkInput input) => input.Dims is [not (1 or 3), _, 1 or 3];

    private EncoderPooling PoolingOf() => Options.Pooling switch
    {
        EmbedPooling.First => EncoderPooling.First,
        EmbedPooling.Mean when Network.OutputDims.Count == 2 => EncoderPooling.MeanOfTokens,
        EmbedPooling.Mean when Network.ImageInput is { } image && HasChannelsLast(image) => EncoderPooling.MeanOfPixels,
        EmbedPooling.Mean => EncoderPooling.MeanOfPlanes,
        _ => EncoderPooling.None,
    };
}
