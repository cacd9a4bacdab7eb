// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using Google.Protobuf;
using Microsoft.ML.Memory.Onnx;

namespace Microsoft.ML.Memory;

/// <summary>Takes tensors that lie in files beside a model into the model, and no other files.</summary>
/// <remarks>A location must stay within the model's folder, and none of its parts may be a symbolic link.</remarks>
internal sealed class ExternalData(string modelPath, string source, OnnxLimit limit)
{
    private readonly string _folder = Path.GetDirectoryName(Path.GetFullPath(modelPath)) ?? "";

    /// <summary>Refuses tensors that lie elsewhere.</summary>
    public static void RequireNone(ModelProto model, string source)
    {
        if (GraphTensors.Of(model).FirstOrDefault(IsExternal) is not { } tensor) return;
        throw new InvalidDataException(
            $"{source} must hold all its data, since it is given as bytes. Got external data for tensor "
            + $"'{tensor.Name}'. Give the path of the model instead.");
    }

    /// <summary>Reads the data of every such tensor into the model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="modelBytes">Bytes that it has already.</param>
    public void Inline(ModelProto model, long modelBytes)
    {
        foreach (TensorProto tensor in GraphTensors.Of(model).Where(IsExternal))
        {
            byte[] data = Read(tensor, ref modelBytes);
            tensor.RawData = UnsafeByteOperations.UnsafeWrap(data);
            tensor.ExternalData.Clear();
            tensor.ClearDataLocation();
        }
    }

    private static bool IsExternal(TensorProto tensor)
        => tensor.DataLocation == TensorProto.Types.DataLocation.External || tensor.ExternalData.Count > 0;

    private byte[] Read(TensorProto tensor, ref long total)
    {
        string location = Entry(tensor, "location") ?? "";
        string path = PathOf(tensor, location);
        long fileLength = new FileInfo(path).Length;
        long offset = Number(tensor, "offset") ?? 0;
        if (offset > fileLength) throw Outside(tensor, location, fileLength, $"an offset of {offset}");
        long length = Number(tensor, "length") ?? fileLength - offset;
        if (length > fileLength - offset)
            throw Outside(tensor, location, fileLength, $"{length} bytes from {offset}");
        total += length;
        limit.Require(source, total);

        // A pipe or a device has no length; opening one would wait for whoever writes to it.
        if (length == 0) return [];
        byte[] data = new byte[length];
        using FileStream file = File.OpenRead(path);
        file.Position = offset;
        WholeRead.Fill(file, data, $"The external data '{location}' of tensor '{tensor.Name}'");
        return data;
    }

    private string PathOf(TensorProto tensor, string location)
    {
        string[] parts = location.Split('/', '\\');
        bool isSafe = location.Length > 0 && !Path.IsPathRooted(location) && location.IndexOfAny([':', '\0']) < 0
            && Array.TrueForAll(parts, part => part.Length > 0 && part is not ("." or ".."));
        if (!isSafe)
        {
            throw Refused(
                tensor, "must lie within the model's folder, at a relative path without '..'", $"'{location}'");
        }

        string path = _folder;
        foreach (string part in parts)
        {
            path = Path.Combine(path, part);
            FileSystemInfo item = Directory.Exists(path) ? new DirectoryInfo(path) : new FileInfo(path);
            if (item.LinkTarget is not null)
            {
                throw Refused(
                    tensor, "must lie within the model's folder, and not behind a symbolic link", $"'{location}'");
            }
        }

        return File.Exists(path)
            ? path
            : throw Refused(tensor, "must be in a file beside the model", $"no file '{location}'");
    }

    private static string? Entry(TensorProto tensor, string key)
        => tensor.ExternalData.FirstOrDefault(entry => entry.Key == key)?.Value;

    private long? Number(TensorProto tensor, string key)
    {
        if (Entry(tensor, key) is not { } text) return null;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw Refused(tensor, $"must have a number as {key}", $"'{text}'");
    }

    private InvalidDataException Outside(TensorProto tensor, string location, long length, string got)
        => Refused(tensor, $"must lie within the {length} bytes of '{location}'", got);

    private InvalidDataException Refused(TensorProto tensor, string constraint, string got)
        => new($"{source} refers to external data: that of tensor '{tensor.Name}' {constraint}. Got {got}.");
}
