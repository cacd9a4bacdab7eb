// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.IO.Compression;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A saved model: a zip with the transformers, the input schema and a note of who wrote it.</summary>
internal static class ModelFile
{
    private const string ChainFolder = "TransformerChain";
    private const string SchemaEntry = "Schema";
    private const string VersionEntry = "TrainingInfo/Version.txt";

    public static void Save(IHostEnvironment env, ITransformer model, DataViewSchema inputSchema, Stream stream)
    {
        using ZipArchive archive = new(stream, ZipArchiveMode.Create, leaveOpen: true);
        using (StreamWriter writer = new(archive.CreateEntry(VersionEntry).Open()))
            writer.WriteLine($"{typeof(ModelFile).Assembly.GetName().Version} compat");
        ModelSaveContext.Save(archive, model, ChainFolder);
        if (inputSchema is null)
            return;
        using IChannel channel = env.Start("Saving Schema");
        using Stream entry = archive.CreateEntry(SchemaEntry).Open();
        SchemaFile.Write(entry, inputSchema);
    }

    public static ITransformer Load(IHostEnvironment env, Stream stream, out DataViewSchema inputSchema)
    {
        using ZipArchive archive = Open(env, stream);
        ZipArchiveEntry schema = archive.GetEntry(SchemaEntry);
        if (schema is null && !archive.Entries.Any(entry => entry.FullName.StartsWith(ChainFolder)))
            throw env.Mark(new InvalidOperationException("Could not load legacy format model",
                env.Except("Repository doesn't contain entry DataLoaderModel/Model.key")));

        ModelLoadContext.Load<ITransformer, SignatureLoadModel>(env, archive, ChainFolder, out ITransformer model);
        inputSchema = null;
        if (schema is not null)
        {
            using Stream entry = schema.Open();
            inputSchema = SchemaFile.Read(env, entry);
        }
        return model;
    }

    private static ZipArchive Open(IHostEnvironment env, Stream stream)
    {
        try
        {
            return new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
        }
        catch (InvalidDataException exception)
        {
            throw env.ExceptDecode("Failed to open a zip archive", exception);
        }
    }
}
