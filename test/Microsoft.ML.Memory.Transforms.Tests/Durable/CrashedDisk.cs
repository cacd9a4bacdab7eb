// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Transforms.Tests;

/// <summary>What a disk holds when the power goes, given all that was done to a store until then.</summary>
/// <remarks>
/// What was flushed is there. Of what was not, nothing is there, or everything, or any part: some of the bytes of some
/// of the writes, some of the names.
/// </remarks>
internal sealed class CrashedDisk
{
    private readonly Dictionary<int, List<byte>> _durable = [];
    private readonly Dictionary<int, List<StoreEvent>> _unflushed = [];
    private readonly Dictionary<string, int> _names = [];
    private readonly List<StoreEvent> _unflushedNames = [];

    public CrashedDisk(IReadOnlyDictionary<string, byte[]> start)
    {
        foreach ((string name, byte[] bytes) in start)
        {
            _names[name] = _durable.Count;
            _durable[_durable.Count] = [.. bytes];
        }
    }

    /// <summary>Notes what was done.</summary>
    public void Do(StoreEvent done)
    {
        switch (done.Action)
        {
            case StoreAction.Write or StoreAction.Cut:
                Unflushed(done.File).Add(done);
                break;
            case StoreAction.FlushFile:
                _durable[done.File] = ContentOf(done.File, () => 1);
                Unflushed(done.File).Clear();
                break;
            case StoreAction.FlushNames:
                foreach (StoreEvent each in _unflushedNames) Apply(_names, each);
                _unflushedNames.Clear();
                break;
            case StoreAction.Acknowledge:
                break;
            default:
                _unflushedNames.Add(done);
                break;
        }
    }

    /// <summary>Gives the files that are found after the crash.</summary>
    /// <param name="kept">
    /// Gives the share of each unflushed thing that is there; of names all or none. Its argument tells names.
    /// </param>
    public Dictionary<string, byte[]> Files(Func<bool, double> kept)
    {
        var names = new Dictionary<string, int>(_names);
        foreach (StoreEvent each in _unflushedNames)
        {
            if (kept(true) > 0) Apply(names, each);
        }

        var files = new Dictionary<string, byte[]>();
        foreach ((string name, int file) in names)
            files[name] = [.. ContentOf(file, () => kept(false))];
        return files;
    }

    /// <summary>Gives the files that are found where a write was cut short and all before it is there.</summary>
    public Dictionary<string, byte[]> FilesWith(StoreEvent part)
    {
        Unflushed(part.File).Add(part);
        Dictionary<string, byte[]> files = Files(_ => 1);
        Unflushed(part.File).Remove(part);
        return files;
    }

    private static void Apply(Dictionary<string, int> names, StoreEvent done)
    {
        names.Remove(done.Name);
        if (done.Action == StoreAction.Create) names[done.Name] = done.File;
        if (done.Action == StoreAction.Rename) names[done.To] = done.File;
    }

    private List<byte> ContentOf(int file, Func<double> share)
    {
        List<byte> content = [.. _durable.GetValueOrDefault(file) ?? []];
        foreach (StoreEvent each in Unflushed(file))
        {
            double kept = share();
            if (each.Action == StoreAction.Write)
                MemoryStore.Put(content, each.Bytes.AsSpan(0, (int)(kept * each.Bytes.Length)), (int)each.Offset);
            else if (kept > 0 && content.Count > each.Offset)
                content.RemoveRange((int)each.Offset, content.Count - (int)each.Offset);
        }

        return content;
    }

    private List<StoreEvent> Unflushed(int file)
        => _unflushed.TryGetValue(file, out List<StoreEvent>? found) ? found : _unflushed[file] = [];
}
