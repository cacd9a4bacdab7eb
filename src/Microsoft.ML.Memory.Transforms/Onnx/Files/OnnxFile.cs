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
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is too large, no model, or refers to data that it may not.
    /// </exception>
    public static ModelProto Read(string path, OnnxLimit limit)
    {
        if (!File.Exists(path))
        {
            throw new FileNotFoundException(
                $"EmbedOnnxOptions.ModelFile must name an ONNX model. Got no file '{path}'.", path);
        }

        string source = $"The ONNX model '{path}'";
        using FileStream file = File.OpenRead(path);
        long length = file.Length;
        limit.Require(source, length);
        ModelProto model = Parse(file, length, source);
        new ExternalData(path, source, limit).Inline(model, length);
        return model;
    }

    /// <summary>Reads a model that was given as bytes, so that there is no folder with external data.</summary>
    /// <exception cref="InvalidDataException">The bytes are too many, no model, or refer to other files.</exception>
    public static ModelProto Read(byte[] bytes, OnnxLimit limit)
    {
        const string Source = "The ONNX model";
        limit.Require(Source, bytes.Length);
        using var stream = new MemoryStream(bytes, writable: false);
        ModelProto model = Parse(stream, bytes.Length, Source);
        ExternalData.RequireNone(model, Source);
        return model;
    }

    private static ModelProto Parse(Stream stream, long length, string source)
    {
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
            using var input = CodedInputStream.CreateWithLimits(stream, int.MaxValue, OnnxParts.MostNesting);
            model = ModelProto.Parser.ParseFrom(input);
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
        return model;
    }

    private static InvalidDataException NotWhole(long length, string source, Exception? error) => new(
        $"{source} must be a whole ONNX file. Got {length} bytes that cannot be read as one.", error);
}
