// Licensed under the MIT License. See LICENSE in the project root for license information.

extern alias mlcore;

using Microsoft.ML.Memory.Hosting;
using Microsoft.ML.Memory.Storage;
using Microsoft.ML.Runtime;
using Host = mlcore::Microsoft.ML;

namespace Microsoft.ML.Memory;

public sealed partial class VisualMemoryTransformer
{
    internal const string LoaderSignature = "VisualMemory";

    private const string ModelSignature = "VISMEMRY";

    private protected override void Save(ModelSaveContext context)
        => ModelStream.Save(
            context,
            ModelSignature,
            LoaderSignature,
            stream => VisualMemoryFile.Write(stream, this));

    // The host finds this method by its name and signature.
    private static ITransformer Create(IHostEnvironment env, Host.ModelLoadContext ctx)
        => ModelStream.Load(ctx, ModelSignature, LoaderSignature, stream =>
        {
            SavedMemory saved = VisualMemoryFile.Read(stream);
            return new VisualMemoryTransformer(
                env,
                saved.Options,
                saved.Memory,
                saved.Levels,
                saved.HeldOut,
                saved.Trust is { } trust ? new Lazy<MemoryTrust>(trust) : null);
        });
}
