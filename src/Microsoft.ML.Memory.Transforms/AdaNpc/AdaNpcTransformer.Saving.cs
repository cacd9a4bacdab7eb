// Licensed under the MIT License. See LICENSE in the project root for license information.

extern alias mlcore;

using Microsoft.ML.Memory.Hosting;
using Microsoft.ML.Runtime;
using Host = mlcore::Microsoft.ML;

namespace Microsoft.ML.Memory;

public sealed partial class AdaNpcTransformer
{
    internal const string LoaderSignature = "AdaNpc";

    private const string ModelSignature = "ADANPCME";

    private protected override void Save(ModelSaveContext context)
        => ModelStream.Save(
            context, ModelSignature, LoaderSignature, stream => AdaNpcFile.Write(stream, Options, Classes, Model));

    // The host finds this method by its name and signature.
    private static ITransformer Create(IHostEnvironment env, Host.ModelLoadContext ctx)
        => ModelStream.Load(ctx, ModelSignature, LoaderSignature, stream =>
        {
            (AdaNpcOptions options, ClassTable classes, AdaptiveState start) = AdaNpcFile.Read(stream);
            return new AdaNpcTransformer(env, options, start, classes);
        });
}
