// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>A set of stored tensors, found by name and read in pieces: one file, or a folder of several.</summary>
/// <remarks>Reading from several threads is safe; disposing is not, while another thread reads.</remarks>
public interface INamedTensors : IDisposable
{
    /// <summary>Path of the file or folder, or the name that was given for a stream; messages show it.</summary>
    string Source { get; }

    /// <summary>All tensors by name, in the order in which their bytes lie, file after file.</summary>
    IReadOnlyDictionary<string, TensorEntry> Tensors { get; }

    /// <summary>Reads raw bytes of a tensor.</summary>
    /// <param name="name">Name of the tensor.</param>
    /// <param name="start">First byte to read, counted from the start of the tensor.</param>
    /// <param name="destination">Receives the bytes; as many are read as it is long.</param>
    /// <exception cref="InvalidDataException">There is no such tensor.</exception>
    /// <exception cref="ArgumentException">The bytes asked for are not all within the tensor.</exception>
    /// <exception cref="ObjectDisposedException">The set has been disposed of.</exception>
    void ReadBytes(string name, long start, Span<byte> destination);
}
