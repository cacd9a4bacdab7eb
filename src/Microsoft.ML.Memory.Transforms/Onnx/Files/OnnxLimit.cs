// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>How many bytes an ONNX model may have, and how to allow more.</summary>
internal readonly record struct OnnxLimit(long Bytes, string Remedy)
{
    /// <summary>Name of the setting for models that are loaded, in the application's data.</summary>
    public const string Setting = "Microsoft.ML.Memory.MaxOnnxBytes";

    /// <summary>What fits into a message of Protocol Buffers and into an array.</summary>
    public const long Most = int.MaxValue - 64;

    /// <summary>Where nothing else is said: 1 GiB.</summary>
    public const long Usual = 1 << 30;

    /// <summary>The limit of models that are loaded, as the application sets it.</summary>
    /// <exception cref="InvalidOperationException">The setting is no number of bytes.</exception>
    public static OnnxLimit OfLoading()
        => new(
            ByteSetting.Read(Setting, Usual, Most),
            $"If it is to be trusted, raise the AppContext data '{Setting}'.");

    /// <summary>The limit of models that are read for a fit.</summary>
    public static OnnxLimit OfFitting(long bytes)
        => new(bytes, "If it is to be trusted, raise EmbedOnnxOptions.MaxModelBytes.");

    /// <exception cref="InvalidDataException">There are more bytes.</exception>
    public void Require(string source, long bytes)
    {
        if (bytes <= Bytes) return;
        string remedy = Bytes < Most ? Remedy : "A message of Protocol Buffers cannot hold more.";
        throw new InvalidDataException(
            $"{source} must have at most {Bytes} bytes, external data included. Got {bytes}. {remedy}");
    }
}
