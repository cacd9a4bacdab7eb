// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Storage;

namespace Microsoft.ML.Memory;

public sealed partial class MemoryBank
{
    /// <summary>Writes the entries to a stream, which need not seek; of removed entries no byte is written.</summary>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);

        var writer = new SectionWriter(stream);
        BankFormat.Write(writer, Snapshot());
        writer.End();
    }

    /// <summary>Reads what <see cref="Save"/> wrote, checking everything.</summary>
    /// <exception cref="InvalidDataException">
    /// The content is damaged or not a memory; the message names section and offset.
    /// </exception>
    public static MemoryBank Load(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);

        var reader = new SectionReader(stream);
        var bank = new MemoryBank(BankFormat.Read(reader));
        reader.EndFile();
        return bank;
    }
}
