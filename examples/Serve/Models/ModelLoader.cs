// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MemoryServe;

/// <summary>Loads deployed model files, always from a copy that nobody writes any more.</summary>
internal sealed class ModelLoader(IOptions<ServeOptions> options)
{
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
            return version == loaded ? null : new Deployment(version, Open(copy), DateTimeOffset.UtcNow);
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

    private ReadOnlyStore Open(string path)
    {
        ITransformer pipeline;
        DataViewSchema schema;
        try
        {
            pipeline = _mlContext.Model.Load(path, out schema);
        }
        catch (Exception reason) when (reason is not (OutOfMemoryException or IOException))
        {
            throw new InvalidDataException("The file must be a whole model.zip of ML.NET.", reason);
        }

        if (schema is null)
            throw new InvalidDataException("The model must be saved with the schema of its input. Got none.");
        return new ReadOnlyStore(new ServedModel(pipeline, schema));
    }
}
