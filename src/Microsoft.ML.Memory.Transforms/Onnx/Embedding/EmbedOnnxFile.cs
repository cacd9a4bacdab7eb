// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Onnx;
using Microsoft.ML.Memory.Storage;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Memory;

/// <summary>The content of a saved encoder: settings and inputs, the network, its fingerprint.</summary>
internal static class EmbedOnnxFile
{
    private const int MostSettingsBytes = 1 << 20;
    private const int FingerprintBytes = 64;
    private const int BelievedBytes = 1 << 24;

    public static void Write(Stream stream, EmbedOnnxTransformer transformer)
    {
        EncoderNetwork network = transformer.Network;
        var writer = new SectionWriter(stream);
        writer.Write("embedOnnx", fields =>
        {
            EmbedOptionsFormat.Write(fields, transformer.Options);
            EmbedOptionsFormat.Write(fields, network.Inputs, network.DeclaredBatch);
        });
        writer.Write("network", network.Bytes);
        writer.Write("fingerprint", System.Text.Encoding.ASCII.GetBytes(transformer.EncoderFingerprint));
        writer.End();
    }

    /// <exception cref="InvalidDataException">
    /// The content breaks a rule; the message names section and offset.
    /// </exception>
    public static EmbedOnnxTransformer Read(Stream stream, IHostEnvironment environment)
    {
        var reader = new SectionReader(stream);
        (EmbedOnnxOptions options, NetworkInput[] inputs, NetworkBatch batch) = Settings(reader);
        OnnxLimit limit = OnnxLimit.OfLoading();
        byte[] bytes = Bytes(reader, "network", limit.Bytes, limit.Remedy);
        byte[] fingerprint = Bytes(reader, "fingerprint", FingerprintBytes, "");
        reader.EndFile();
        ModelProto model = OnnxFile.Read(bytes, limit);
        RequireFit(reader, model, inputs, batch);
        using IChannel channel = environment.Register(nameof(EmbedOnnxTransformer)).Start("Load");
        NetworkDevice device = NetworkDevice.Chosen(options, environment, channel);
        EncoderNetwork network = EncoderNetwork.Open(
            model, bytes, inputs, batch, options.FreeBatchDimension, device);
        try
        {
            var transformer = new EmbedOnnxTransformer(environment, options, network);
            string expected = transformer.EncoderFingerprint, found = System.Text.Encoding.ASCII.GetString(fingerprint);
            return found == expected
                ? transformer
                : throw reader.Error($"must be {expected}, as of the network and its settings", "another");
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>Refuses what could be saved and not be loaded, before anything is made of it.</summary>
    /// <exception cref="InvalidDataException">A number is larger than a file may say.</exception>
    public static void RequireLoadable(
        EmbedOnnxOptions options, IReadOnlyList<NetworkInput> inputs, NetworkBatch batch)
    {
        using var content = new MemoryStream();
        using var writer = new BinaryWriter(content);
        EmbedOptionsFormat.Write(writer, options);
        long length = content.Length;
        EmbedOptionsFormat.Write(writer, inputs, batch);
        if (content.Length > MostSettingsBytes)
        {
            throw new InvalidDataException(
                $"The names of columns and inputs must take at most {MostSettingsBytes} bytes with all settings. "
                + $"Got {content.Length}.");
        }

        content.Position = length;
        using var reader = new BinaryReader(content);
        try
        {
            EmbedOptionsFormat.ReadInputs(reader);
        }
        catch (FormatException error)
        {
            throw new InvalidDataException(error.Message, error);
        }
    }

    private static (EmbedOnnxOptions Options, NetworkInput[] Inputs, NetworkBatch Batch) Settings(SectionReader reader)
    {
        byte[] bytes = Bytes(reader, "embedOnnx", MostSettingsBytes, "");
        using var content = new MemoryStream(bytes);
        using var fields = new BinaryReader(content);
        try
        {
            EmbedOnnxOptions options = EmbedOptionsFormat.Read(fields);
            (NetworkInput[] inputs, NetworkBatch batch) = EmbedOptionsFormat.ReadInputs(fields);
            return content.Position == content.Length
                ? (options, inputs, batch)
                : throw new FormatException($"There must be no more fields. Got {content.Length - content.Position}.");
        }
        catch (Exception error) when (error is IOException or FormatException or ArgumentException or OverflowException)
        {
            throw reader.Error("must hold valid fields", error.Message.TrimEnd('.'));
        }
    }

    /// <summary>Reads a section that may not be longer than a limit, whatever it says it is.</summary>
    private static byte[] Bytes(SectionReader reader, string name, long limit, string remedy)
    {
        long length = reader.Begin(name);
        if (length > limit)
        {
            string hint = remedy.Length > 0 ? $". {remedy.TrimEnd('.')}" : "";
            throw reader.Error($"must have at most {limit} bytes", $"{length}{hint}");
        }

        // Only once so much of it came is the rest of the length believed.
        byte[] bytes = new byte[Math.Min(length, BelievedBytes)];
        reader.Read(bytes);
        if (bytes.Length < length)
        {
            Array.Resize(ref bytes, (int)length);
            reader.Read(bytes.AsSpan(BelievedBytes));
        }

        reader.End();
        return bytes;
    }

    private static void RequireFit(
        SectionReader reader, ModelProto model, NetworkInput[] inputs, NetworkBatch batch)
    {
        if (model.Graph.Output.Count != 1)
            throw reader.Error("must follow a network of one output", $"{model.Graph.Output.Count}");
        DeclaredInput[] declared = DeclaredInput.Of(model, new Dictionary<string, int>());
        bool fits = declared.Length == inputs.Length && declared.Zip(inputs).All(pair => IsSame(pair, batch));
        if (!fits) throw reader.Error("must follow a network with the inputs of the settings", "other inputs");
    }

    private static bool IsSame((DeclaredInput Declared, NetworkInput Input) pair, NetworkBatch batch)
    {
        (DeclaredInput declared, NetworkInput input) = pair;
        int first = batch.HasDimension ? 1 : 0;
        bool isBatch = first == 0 || (declared.Dims.Count > 0 && Fits(declared.Dims[0].Size, batch.Size));
        return isBatch && declared.Name == input.Name && declared.Type == input.Type
            && declared.Dims.Count == input.Dims.Count + first
            && declared.Dims.Skip(first).Zip(input.Dims).All(dims => dims.First.Size is not { } size
                || size == dims.Second);
    }

    private static bool Fits(int? declared, int? wanted) => declared is null || declared == wanted;
}
