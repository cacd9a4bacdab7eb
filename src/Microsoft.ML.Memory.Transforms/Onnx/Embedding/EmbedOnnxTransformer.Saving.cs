// Licensed under the MIT License. See LICENSE in the project root for license information.

extern alias mlcore;

using Microsoft.ML.Memory.Hosting;
using Microsoft.ML.Runtime;
using Host = mlcore::Microsoft.ML;

namespace Microsoft.ML.Memory;

public sealed partial class EmbedOnnxTransformer
{
    internal const string LoaderSignature = "EmbedOnnx";

    private const string ModelSignature = "EMBDONNX";

    void ICanSaveModel.Save(ModelSaveContext ctx) => ModelStream.Save(
        ctx,
        ModelSignature,
        LoaderSignature,
        stream => EmbedOnnxFile.Write(stream, this));

    // The host finds this method by its name and signature.
    private static ITransformer Create(IHostEnvironment env, Host.ModelLoadContext ctx)
        => ModelStream.Load(ctx, ModelSignature, LoaderSignature, stream => EmbedOnnxFile.Read(stream, env));
}
