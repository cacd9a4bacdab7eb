// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Microsoft.ML.Memory;

/// <summary>
/// Tells encoders apart: the SHA-256 of a network's bytes and of all that is done before and after it.
/// </summary>
/// <remarks>
/// What does not change the features beyond rounding stays out: names of columns, how raw pixels lie in theirs, the
/// number of rows that run together, threads and device.
/// </remarks>
internal static class EncoderFingerprint
{
    /// <summary>Gives 64 hexadecimal digits.</summary>
    /// <param name="options">What is done before and after.</param>
    /// <param name="network">The network, cut behind the wanted tensor.</param>
    /// <param name="inputs">Its inputs.</param>
    public static string Of(EmbedOnnxOptions options, byte[] network, IReadOnlyList<NetworkInput> inputs)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(SHA256.HashData(network));
        hash.AppendData(Encoding.UTF8.GetBytes(Text(options, inputs)));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static string Text(EmbedOnnxOptions options, IReadOnlyList<NetworkInput> inputs)
    {
        var text = new StringBuilder("encoder 1\n");
        text.Append(CultureInfo.InvariantCulture, $"pooling {options.Pooling}\nnormalize {options.Normalize}\n");
        foreach (NetworkInput input in inputs.Where(input => input.Kind is FeedKind.Image))
            text.Append(CultureInfo.InvariantCulture, $"image {input.Name} {string.Join(' ', input.Dims)}\n");
        foreach (NetworkInput input in inputs.Where(input => input.Kind is FeedKind.Ones or FeedKind.Zeros))
            text.Append(CultureInfo.InvariantCulture, $"filled {input.Name} {input.Kind}\n");
        if (options.Image is not { } image) return text.ToString();
        text.Append(CultureInfo.InvariantCulture, $"order {image.ChannelOrder}\nscale {image.Scale:R}\n");
        text.Append(CultureInfo.InvariantCulture, $"mean {Numbers(image.Mean)}\n");
        text.Append(CultureInfo.InvariantCulture, $"deviation {Numbers(image.StandardDeviation)}\n");
        text.Append(
            CultureInfo.InvariantCulture, $"resize {image.Resize} {image.ShortestSide ?? 0} {image.Filter}\n");
        return text.ToString();
    }

    private static string Numbers(IReadOnlyList<double> values)
        => string.Join(' ', values.Select(value => value.ToString("R", CultureInfo.InvariantCulture)));
}
