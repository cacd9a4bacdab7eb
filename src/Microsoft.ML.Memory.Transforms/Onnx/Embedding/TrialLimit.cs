// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Microsoft.ML.Memory;

/// <summary>How many bytes the inputs of a trial run may take: a file says how large they are.</summary>
internal static class TrialLimit
{
    /// <summary>Name of the setting, in the application's data.</summary>
    public const string Setting = "Microsoft.ML.Memory.MaxOnnxTrialBytes";

    /// <summary>Where nothing else is said: 1 GiB.</summary>
    public const long Usual = 1 << 30;

    /// <summary>Refuses inputs that take more bytes in the largest trial run.</summary>
    /// <exception cref="InvalidDataException">They do.</exception>
    /// <exception cref="InvalidOperationException">The setting is no number of bytes.</exception>
    public static void Require(IReadOnlyList<NetworkInput> inputs, NetworkBatch batch)
    {
        long limit = ByteSetting.Read(Setting, Usual, long.MaxValue);
        int rows = Math.Max(batch.Size ?? 0, NetworkProbe.MostRows);
        double bytes = inputs.Sum(input => (double)rows * BytesOf(input));
        if (bytes <= limit) return;
        throw new InvalidDataException(
            $"The inputs of the network must take at most {limit} bytes in a trial run of {rows} rows. Got "
            + $"{bytes.ToString("F0", CultureInfo.InvariantCulture)}. If it is to be trusted, raise the AppContext "
            + $"data '{Setting}'.");
    }

    private static double BytesOf(NetworkInput input) => input.Dims.Aggregate(
        (double)SizeOf(input.Type),
        (bytes, dim) => bytes * (dim == NetworkInput.AnyLength ? NetworkProbe.MostTokens : dim));

    private static int SizeOf(TensorElementType type) => type switch
    {
        TensorElementType.UInt8 or TensorElementType.Bool => 1,
        TensorElementType.Float16 => 2,
        TensorElementType.Float or TensorElementType.Int32 => 4,
        _ => 8,
    };
}
