// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Microsoft.ML.Memory;

/// <summary>The files of one durable memory: model, journal, lock, and a model that compaction is writing.</summary>
internal sealed class DurableFiles(MLContext mlContext, IFileStore store, string model)
{
    private const int BufferBytes = 1 << 16;

    public IFileStore Store => store;

    /// <summary>Name of the model file.</summary>
    public string Model => model;

    /// <summary>Name of the journal.</summary>
    public string Journal => model + ".journal";

    /// <summary>Name of the file that is locked.</summary>
    public string LockName => model + ".lock";

    /// <summary>Name of a model file that is being written.</summary>
    public string NewModel => model + ".compacting";

    /// <summary>Bytes of the model file when it was last read.</summary>
    public long ModelBytes { get; private set; }

    /// <summary>Reads a model.</summary>
    public (ITransformer Model, DataViewSchema? Schema) Load(string name)
    {
        using var stream = new BufferedStream(store.OpenRead(name), BufferBytes);
        ModelBytes = stream.Length;
        ITransformer loaded = mlContext.Model.Load(stream, out DataViewSchema? schema);
        return (loaded, schema);
    }

    /// <summary>Reads a model and makes its memory ready for changes.</summary>
    public (LiveMemory Memory, DataViewSchema? Schema) LoadLive(string name)
    {
        (ITransformer loaded, DataViewSchema? schema) = Load(name);
        return (LiveMemory.Of(mlContext, loaded, store.PathOf(model)), schema);
    }

    /// <summary>Writes <see cref="NewModel"/>, has it on disk, and gives its SHA-256.</summary>
    public byte[] Save(ITransformer changed, DataViewSchema? schema)
    {
        store.Erase(NewModel);
        using (IStoredFile file = store.Create(NewModel))
        {
            using (var stream = new BufferedStream(new StoredStream(file), BufferBytes))
                mlContext.Model.Save(changed, schema, stream);
            file.Flush();
        }

        return store.Hash(NewModel);
    }
}
