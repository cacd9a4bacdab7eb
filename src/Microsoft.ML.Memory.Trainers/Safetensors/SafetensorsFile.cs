// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Collections.ObjectModel;

namespace Microsoft.ML.Memory;

/// <summary>Reads the tensors of one safetensors file.</summary>
/// <remarks>
/// <para>The file is taken to be hostile: header, names, types, shapes and offsets are all checked before the first
/// tensor can be reached, in memory of the order of the header. Values are not checked: NaN and infinity are read as
/// they are.</para>
/// <para>A file on disk is mapped, not loaded: nobody may shorten it while it is open. Reading from several threads is
/// safe.</para>
/// <para>Differs from the format's reference reader: fields of a tensor other than dtype, shape and data_offsets are
/// refused, as are the types of fewer than 8 bits and the 8-bit floating-point types, names of over 4096 bytes, more
/// than 64 dimensions and more than 262144 tensors.</para>
/// </remarks>
public sealed class SafetensorsFile : INamedTensors
{
    private readonly ITensorBytes _bytes;

    private SafetensorsFile(ITensorBytes bytes, string source)
    {
        _bytes = bytes;
        Source = source;
        try
        {
            (OrderedDictionary<string, TensorEntry> tensors, Dictionary<string, string> metadata)
                = SafetensorsHeader.Read(bytes, source);
            Tensors = new ReadOnlyDictionary<string, TensorEntry>(tensors);
            Metadata = new ReadOnlyDictionary<string, string>(metadata);
        }
        catch
        {
            bytes.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public string Source { get; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, TensorEntry> Tensors { get; }

    /// <summary>Notes of the writer, such as <c>format</c>; empty where it left none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Opens a file, maps it into memory and checks it.</summary>
    /// <param name="path">Path of the file.</param>
    /// <returns>The open file; the caller disposes of it.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file breaks a rule of the format.</exception>
    public static SafetensorsFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);

        return new SafetensorsFile(new MappedBytes(path), path);
    }

    /// <summary>Reads a file from a part of a stream into memory and checks it.</summary>
    /// <param name="stream">Stands at the first byte of the file; read to its end, not beyond, and not closed.</param>
    /// <param name="length">Length of the file in bytes.</param>
    /// <param name="source">What messages call the file.</param>
    /// <returns>The file, in memory; the caller disposes of it.</returns>
    /// <exception cref="ArgumentException"><paramref name="length"/> is negative.</exception>
    /// <exception cref="InvalidDataException">The stream ends early, or the file breaks a rule.</exception>
    public static SafetensorsFile Read(Stream stream, long length, string source)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (length < 0) throw new ArgumentException($"length must be at least 0. Got {length}.", nameof(length));

        return new SafetensorsFile(HeldBytes.From(stream, length, source), source);
    }

    /// <summary>Reads a file that is in memory already, and checks it.</summary>
    /// <param name="bytes">The whole file; kept, not copied.</param>
    /// <param name="source">What messages call the file.</param>
    /// <returns>The file; the caller disposes of it.</returns>
    /// <exception cref="InvalidDataException">The file breaks a rule of the format.</exception>
    public static SafetensorsFile Read(ReadOnlyMemory<byte> bytes, string source)
        => new(HeldBytes.Of(bytes), source);

    /// <inheritdoc/>
    public void ReadBytes(string name, long start, Span<byte> destination)
    {
        TensorEntry entry = this.Find(name);
        if (start < 0 || start > entry.ByteLength - destination.Length)
        {
            throw new ArgumentException(
                $"start must leave {destination.Length} bytes of the {entry.ByteLength} of the tensor. Got {start}.",
                nameof(start));
        }

        _bytes.Read(entry.ByteOffset + start, destination);
    }

    /// <summary>Closes the file; its tensors cannot be read any more.</summary>
    public void Dispose() => _bytes.Dispose();
}
