// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Transforms.Tests;

/// <summary>A store in memory that writes down all that is done to it, and that can fail.</summary>
internal sealed class MemoryStore : IFileStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _names = [];
    private readonly Dictionary<int, List<byte>> _files = [];
    private readonly HashSet<string> _locked = [];

    public MemoryStore()
    {
    }

    /// <param name="files">Files that are there, and on disk, from the start.</param>
    public MemoryStore(IReadOnlyDictionary<string, byte[]> files)
    {
        foreach ((string name, byte[] bytes) in files)
        {
            _names[name] = _files.Count;
            _files[_files.Count] = [.. bytes];
        }

        Start = files;
    }

    /// <summary>The files at the start.</summary>
    public IReadOnlyDictionary<string, byte[]> Start { get; } = new Dictionary<string, byte[]>();

    /// <summary>All that was done.</summary>
    public List<StoreEvent> Events { get; } = [];

    /// <summary>Is asked before anything is done, and may throw.</summary>
    public Action<StoreEvent>? Gate { get; set; }

    /// <summary>Gives all files as they are.</summary>
    public Dictionary<string, byte[]> Files()
    {
        lock (_gate) return _names.ToDictionary(each => each.Key, each => _files[each.Value].ToArray());
    }

    public void Acknowledge() => Do(new StoreEvent(StoreAction.Acknowledge), () => { });

    public string PathOf(string name) => name;

    public bool Exists(string name)
    {
        lock (_gate) return _names.ContainsKey(name);
    }

    public IStoredFile Open(string name)
    {
        lock (_gate) return new StoreFile(this, _names[name]);
    }

    public IStoredFile Create(string name)
    {
        int number = _files.Count;
        Do(new StoreEvent(StoreAction.Create, number) { Name = name }, () =>
        {
            _files[number] = [];
            _names.Add(name, number);
        });
        return new StoreFile(this, number);
    }

    public Stream OpenRead(string name)
    {
        lock (_gate) return new MemoryStream([.. _files[_names[name]]]);
    }

    public void Rename(string from, string to)
        => Do(new StoreEvent(StoreAction.Rename, _names[from]) { Name = from, To = to }, () =>
        {
            _names[to] = _names[from];
            _names.Remove(from);
        });

    public void Delete(string name)
        => Do(new StoreEvent(StoreAction.Delete, _names[name]) { Name = name }, () => _names.Remove(name));

    public void Flush() => Do(new StoreEvent(StoreAction.FlushNames), () => { });

    public IDisposable Lock(string name)
    {
        lock (_gate)
        {
            if (!_locked.Add(name)) throw new IOException("The file is locked.");
        }

        return new Held(() => _locked.Remove(name));
    }

    private void Do(StoreEvent done, Action action)
    {
        lock (_gate)
        {
            Gate?.Invoke(done);
            action();
            Events.Add(done);
        }
    }

    private sealed class StoreFile(MemoryStore store, int number) : IStoredFile
    {
        public long Length
        {
            get
            {
                lock (store._gate) return store._files[number].Count;
            }
        }

        public int Read(Span<byte> bytes, long offset)
        {
            lock (store._gate)
            {
                List<byte> content = store._files[number];
                int count = (int)Math.Clamp(content.Count - offset, 0, bytes.Length);
                content.GetRange((int)Math.Min(offset, content.Count), count).ToArray().CopyTo(bytes);
                return count;
            }
        }

        public void Write(ReadOnlySpan<byte> bytes, long offset)
        {
            byte[] written = bytes.ToArray();
            store.Do(
                new StoreEvent(StoreAction.Write, number) { Bytes = written, Offset = offset },
                () => Put(store._files[number], written, (int)offset));
        }

        public void Cut(long length)
            => store.Do(
                new StoreEvent(StoreAction.Cut, number) { Offset = length },
                () => store._files[number].RemoveRange((int)length, store._files[number].Count - (int)length));

        public void Flush() => store.Do(new StoreEvent(StoreAction.FlushFile, number), () => { });

        public void Dispose()
        {
        }
    }

    /// <summary>Puts bytes into a file, which grows where it has to.</summary>
    public static void Put(List<byte> content, ReadOnlySpan<byte> bytes, int offset)
    {
        while (content.Count < offset) content.Add(0);
        int inside = Math.Min(bytes.Length, content.Count - offset);
        for (int index = 0; index < inside; index++) content[offset + index] = bytes[index];
        for (int index = inside; index < bytes.Length; index++) content.Add(bytes[index]);
    }

    private sealed class Held(Action release) : IDisposable
    {
        public void Dispose() => release();
    }
}
