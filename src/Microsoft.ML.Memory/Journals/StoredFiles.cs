// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Security.Cryptography;

namespace Microsoft.ML.Memory;

/// <summary>What is done with files of any store.</summary>
internal static class StoredFiles
{
    private const int PieceBytes = 1 << 18;

    extension(IFileStore files)
    {
        /// <summary>Gives the SHA-256 of a file.</summary>
        public byte[] Hash(string name)
        {
            using Stream stream = files.OpenRead(name);
            return SHA256.HashData(stream);
        }

        /// <summary>Overwrites a file with zeros, has them on disk, and deletes it; one that is not there is fine.
        /// </summary>
        public void Erase(string name)
        {
            if (!files.Exists(name)) return;
            using (IStoredFile file = files.Open(name)) file.Overwrite(0);
            files.Delete(name);
        }
    }

    extension(IStoredFile file)
    {
        /// <summary>Overwrites everything from an offset on with zeros, and has them on disk.</summary>
        public void Overwrite(long offset)
        {
            byte[] zeros = new byte[PieceBytes];
            long length = file.Length;
            for (; offset < length; offset += zeros.Length)
                file.Write(zeros.AsSpan(0, (int)Math.Min(zeros.Length, length - offset)), offset);
            file.Flush();
        }

        /// <summary>Reads bytes that are there.</summary>
        /// <exception cref="EndOfStreamException">The file ends before.</exception>
        public void ReadAll(Span<byte> bytes, long offset)
        {
            while (!bytes.IsEmpty)
            {
                int read = file.Read(bytes, offset);
                if (read == 0)
                    throw new EndOfStreamException($"The file must be longer. Got its end at byte {offset}.");
                bytes = bytes[read..];
                offset += read;
            }
        }

        /// <summary>Copies everything from an offset on to another file.</summary>
        public void CopyTo(long from, IStoredFile target, long to)
        {
            byte[] piece = new byte[PieceBytes];
            for (long left = file.Length - from; left > 0; left -= piece.Length)
            {
                Span<byte> bytes = piece.AsSpan(0, (int)Math.Min(piece.Length, left));
                file.ReadAll(bytes, from);
                target.Write(bytes, to);
                from += bytes.Length;
                to += bytes.Length;
            }
        }
    }
}
