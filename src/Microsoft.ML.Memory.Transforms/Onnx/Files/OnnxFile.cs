// Licensed under the MIT License. See LICENSE in the project root for license information.

using Google.Protobuf;
using Microsoft.ML.Memory.Onnx;

namespace Microsoft.ML.Memory;

/// <summary>Reads ONNX models as what they are: files of strangers.</summary>
/// <remarks>
/// What it gives holds all its data itself. It was not checked against the rules of the operators: the runtime does.
/// </remarks>
internal static class OnnxFile
{
    /// <summary>The first version of the format that says which operators it means.</summary>
    private const long LeastVersion = 3;

    /// <summary>Reads a file and the external data beside it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="limit">How many bytes it may have, external data included.</param>
    /// <param name="bytes">Those of the file, which the model holds on to.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is too large, no model, or refers to data that it may not.
    /// </exception>
    public static ModelProto Read(string path, OnnxLimit limit, out byte[] bytes)
    {
        if (!File.Exists(path))
        {
            throw new FileNotFoundException(
                $"EmbedOnnxOptions.ModelFile must name an ONNX model. Got no file '{path}'.", path);
        }

        string source = $"The ONNX model '{path}'";
        bytes = BytesOf(path, source, limit);
        ModelProto model = Parse(bytes, source);
        new ExternalData(path, source, limit).Inline(model, bytes.Length);
        return model;
    }

    /// <summary>Reads a model that was given as bytes, so that there is no folder with external data.</summary>
    /// <param name="bytes">The model, which holds on to them: they must not change any more.</param>
    /// <param name="limit">How many there may be.</param>
    /// <exception cref="InvalidDataException">The bytes are too many, no model, or refer to other files.</exception>
    public static ModelProto Read(byte[] bytes, OnnxLimit limit)
    {
        const string Source = "The ONNX model";
        limit.Require(Source, bytes.Length);
        ModelProto model = Parse(bytes, Source);
        ExternalData.RequireNone(model, Source);
        return model;
    }

    /// <summary>Gives the model as bytes: those that it was read from, where they are the same.</summary>
    /// <param name="model">The model.</param>
    /// <param name="read">What it was read from.</param>
    public static byte[] BytesOf(ModelProto model, byte[] read)
    {
        if (model.CalculateSize() != read.Length) return model.ToByteArray();
        using var same = new SameBytes(read);
        model.WriteTo(same);
        return same.IsSame ? read : model.ToByteArray();
    }

    private static byte[] BytesOf(string path, string source, OnnxLimit limit)
    {
        using FileStream file = File.OpenRead(path);
        limit.Require(source, file.Length);
        byte[] bytes = new byte[file.Length];
        WholeRead.Fill(file, bytes, source);
        return bytes;
    }

    private static ModelProto Parse(byte[] bytes, string source)
    {
        int length = bytes.Length;
        using var stream = new MemoryStream(bytes, writable: false);
        switch (OnnxParts.Count(stream, length))
        {
            case null: throw NotWhole(length, source, null);
            case > OnnxParts.Most:
                throw new InvalidDataException(
                    $"{source} must have at most {OnnxParts.Most} nodes, names and other parts. Got more.");
        }

        ModelProto model;
        try
        {
            model = ModelParser.Parse(bytes);
        }
        catch (InvalidProtocolBufferException error)
        {
            throw NotWhole(length, source, error);
        }

        if (model.Graph is not { Node.Count: > 0 })
            throw new InvalidDataException($"{source} must hold a graph with nodes. Got none in {length} bytes.");
        if (model.IrVersion < LeastVersion)
        {
            throw new InvalidDataException(
                $"{source} must be of IR version {LeastVersion} or above. Got {model.IrVersion}. Export it again.");
        }

        if (model.OpsetImport.Count == 0)
            throw new InvalidDataException($"{source} must say the opset of its operators. Got none.");
        FunctionCalls.Require(model, source);
        return model;
    }

    private static InvalidDataException NotWhole(long length, string source, Exception? error) => new(
        $"{source} must be a whole ONNX file. Got {length} bytes that cannot be read as one.", error);
}
