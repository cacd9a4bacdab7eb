// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Memory;
using Microsoft.ML.Transforms.Image;

namespace MemoryServe;

/// <summary>Loads deployed model files, always from a copy that nobody writes any more.</summary>
/// <remarks>
/// A deployed file is never written. What its memory learns lies in a folder named after the file's content, so every
/// deployed model has a memory of its own, which is there again when the model is.
/// </remarks>
internal sealed class ModelLoader(IOptions<ServeOptions> options, ApiKeyGate gate)
{
    private const string FileName = "model.zip";

    private readonly MLContext _mlContext = new();

    /// <summary>Gives what tells whether the model file has changed; null where there is none.</summary>
    public FileStamp? Stamp() => FileStamp.Of(options.Value.Model);

    /// <summary>Loads the model file.</summary>
    /// <param name="loaded">Version of the current deployment; null where there is none.</param>
    /// <returns>The deployment; null where the file has that version already, or changes while it is read.</returns>
    /// <exception cref="InvalidDataException">The file is no model that can be served.</exception>
    public Deployment? Load(string? loaded)
    {
        FileStamp? before = Stamp();
        string folder = Directory.CreateDirectory(options.Value.MemoryPath).FullName;
        string copy = Path.Combine(folder, Path.GetRandomFileName() + ".loading");
        try
        {
            File.Copy(options.Value.Model, copy);
            if (before is null || before != Stamp()) return null;
            string version = VersionOf(copy);
            return version == loaded ? null : new Deployment(version, Open(copy, version), DateTimeOffset.UtcNow);
        }
        finally
        {
            File.Delete(copy);
        }
    }

    private static string VersionOf(string path)
    {
        using FileStream file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    private IMemoryStore Open(string copy, string version)
    {
        ServedModel model = Read(copy);
        string folder = Path.Combine(options.Value.MemoryPath, version);
        if (model.Memory is null || !(gate.HasKey || Directory.Exists(folder))) return new ReadOnlyStore(model);

        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path)) File.Move(copy, path);
        try
        {
            return new DurableStore(_mlContext, DurableMemory.Open(_mlContext, path), model);
        }
        catch (InvalidOperationException reason)
        {
            throw new InvalidDataException("The model must hold a memory that can be changed.", reason);
        }
        catch (InvalidDataException reason)
        {
            throw new InvalidDataException("What the memory has learnt must be whole on disk. It is damaged.", reason);
        }
    }

    private ServedModel Read(string path)
    {
        ITransformer pipeline;
        DataViewSchema schema;
        try
        {
            pipeline = _mlContext.Model.Load(path, out schema);
        }
        catch (Exception reason) when (reason is not OutOfMemoryException and (not IOException or EndOfStreamException))
        {
            throw new InvalidDataException("The file must be a whole model.zip of ML.NET.", reason);
        }

        return schema is null
            ? throw new InvalidDataException("The model must be saved with the schema of its input. Got none.")
            : new ServedModel(pipeline, WithImage(schema));
    }

    private DataViewSchema WithImage(DataViewSchema schema)
    {
        string column = options.Value.ImageColumn;
        if (column.Length == 0 || schema.GetColumnOrNull(column) is not null) return schema;
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(schema);
        builder.AddColumn(column, new ImageDataViewType());
        return builder.ToSchema();
    }
}
