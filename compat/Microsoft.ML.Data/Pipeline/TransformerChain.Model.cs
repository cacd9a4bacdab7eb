// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>How a chain looks in a model file: the scopes of its steps, and a folder for each step.</summary>
internal static class TransformerChain
{
    public const string LoaderSignature = "TransformerChain";

    private static VersionInfo Version => new(
        "TRCHAIN ", 0x00010001, 0x00010001, 0x00010001, typeof(TransformerChain).Assembly.FullName, LoaderSignature);

    public static void Save(ModelSaveContext ctx, ITransformerChainAccessor chain)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(Version);
        ctx.Writer.Write(chain.Transformers.Length);
        for (int i = 0; i < chain.Transformers.Length; i++)
        {
            ctx.Writer.Write((int)chain.Scopes[i]);
            ctx.SaveModel(chain.Transformers[i], FolderOf(i));
        }
    }

    private static TransformerChain<ITransformer> Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version);
        int count = ctx.Reader.ReadInt32();
        if (count < 0)
            throw env.ExceptDecode("Corrupt model file");
        List<ITransformer> transformers = [];
        List<TransformerScope> scopes = [];
        for (int i = 0; i < count; i++)
        {
            scopes.Add((TransformerScope)ctx.Reader.ReadInt32());
            ctx.LoadModel<ITransformer, SignatureLoadModel>(env, out ITransformer transformer, FolderOf(i));
            transformers.Add(transformer);
        }
        return new TransformerChain<ITransformer>(transformers, scopes);
    }

    private static string FolderOf(int index) => $"Transform_{index:000}";
}
