// Licensed under the MIT License. See LICENSE in the project root for license information.

extern alias mlcore;

using Microsoft.ML.Memory.Hosting;
using Microsoft.ML.Runtime;
using Host = mlcore::Microsoft.ML;

namespace Microsoft.ML.Memory;

public sealed partial class NearestNeighborsRegressionTransformer
{
    internal const string LoaderSignature = "NearestRegression";

    private const string ModelSignature = "NEARREGR";

    void ICanSaveModel.Save(ModelSaveContext ctx) => ModelStream.Save(
        ctx,
        ModelSignature,
        LoaderSignature,
        stream => NearestNeighborsRegressionFile.Write(stream, this));

    // The host finds this method by its name and signature.
    private static ITransformer Create(IHostEnvironment env, Host.ModelLoadContext ctx)
        => ModelStream.Load(
            ctx, ModelSignature, LoaderSignature, stream => NearestNeighborsRegressionFile.Read(stream, env));
}
