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

    /// <summary>Refuses inputs that take more bytes in a run that cannot be left out.</summary>
    /// <param name="inputs">The inputs.</param>
    /// <param name="batch">Rows that the network takes together.</param>
    /// <exception cref="InvalidDataException">They do.</exception>
    /// <exception cref="InvalidOperationException">The setting is no number of bytes.</exception>
    public static void Require(IReadOnlyList<NetworkInput> inputs, NetworkBatch batch)
    {
        int rows = batch.Size ?? NetworkProbe.MostRows;
        long limit = Limit();
        double bytes = BytesOf(inputs, rows);
        if (bytes <= limit) return;
        throw new InvalidDataException(
            $"The inputs of the network must take at most {limit} bytes in a trial run of {rows} "
            + $"{(rows == 1 ? "row" : "rows")}. Got {bytes.ToString("F0", CultureInfo.InvariantCulture)}. If it is to "
            + $"be trusted, raise the AppContext data '{Setting}'.");
    }

    /// <summary>Whether a network for one row may be tried with several.</summary>
    /// <exception cref="InvalidOperationException">The setting is no number of bytes.</exception>
    public static bool AllowsFreeing(IReadOnlyList<NetworkInput> inputs)
        => BytesOf(inputs, NetworkProbe.MostRows) <= Limit();

    private static long Limit() => ByteSetting.Read(Setting, Usual, long.MaxValue);

    private static double BytesOf(IReadOnlyList<NetworkInput> inputs, int rows)
        => inputs.Sum(input => rows * BytesOf(input));

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
