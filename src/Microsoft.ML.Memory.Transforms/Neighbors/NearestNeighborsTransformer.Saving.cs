// Licensed under the MIT License. See LICENSE in the project root for license information.

extern alias mlcore;

using Microsoft.ML.Memory.Hosting;
using Microsoft.ML.Runtime;
using Host = mlcore::Microsoft.ML;

namespace Microsoft.ML.Memory;

public sealed partial class NearestNeighborsTransformer
{
    internal const string LoaderSignature = "NearestNeighbors";

    private const string ModelSignature = "NEARNEIB";

    void ICanSaveModel.Save(ModelSaveContext ctx) => ModelStream.Save(
        ctx,
        ModelSignature,
        LoaderSignature,
        stream => NearestNeighborsFile.Write(stream, this));

    // The host finds this method by its name and signature.
    private static ITransformer Create(IHostEnvironment env, Host.ModelLoadContext ctx)
        => ModelStream.Load(
            ctx, ModelSignature, LoaderSignature, stream => NearestNeighborsFile.Read(stream, env));
}
