// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>The files of one folder, by their names: on disk, or where a test wants them to fail.</summary>
internal interface IFileStore
{
    /// <summary>Gives a file's path as messages show it.</summary>
    string PathOf(string name);

    /// <summary>Says whether a file is there.</summary>
    bool Exists(string name);

    /// <summary>Opens a file that is there for reading and writing.</summary>
    IStoredFile Open(string name);

    /// <summary>Makes an empty file where there is none.</summary>
    IStoredFile Create(string name);

    /// <summary>Opens a file for reading beside whoever else does.</summary>
    Stream OpenRead(string name);

    /// <summary>Gives a file another name, at once and in place of the file that has it.</summary>
    void Rename(string from, string to);

    /// <summary>Deletes a file.</summary>
    void Delete(string name);

    /// <summary>Waits until the device has all names as they are.</summary>
    void Flush();

    /// <summary>Keeps a file from being locked again, by this process or another, until the lock is disposed.</summary>
    /// <exception cref="IOException">It is locked.</exception>
    IDisposable Lock(string name);
}
