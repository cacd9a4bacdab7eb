// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Onnx;

/// <summary>Which steps of a model the graph is made of.</summary>
/// <param name="Memory">The classifier.</param>
internal sealed record ChainPlan(IOnnxExportable Memory)
{
    /// <summary>Picks the steps of a model.</summary>
    /// <exception cref="InvalidOperationException">A step cannot be exported or left out.</exception>
    public static ChainPlan Of(ITransformer model, OnnxExportOptions options)
    {
        List<ITransformer> steps = [.. Flatten(model)];
        IOnnxExportable[] memories = [.. steps.OfType<IOnnxExportable>()];
        if (memories.Length != 1)
        {
            throw new InvalidOperationException(
                $"The model must hold exactly one memory classifier to be exported. Got {memories.Length}.");
        }

        return new ChainPlan(memories[0]);
    }

    private static IEnumerable<ITransformer> Flatten(ITransformer model)
        => model is IEnumerable<ITransformer> chain ? chain.SelectMany(Flatten) : [model];
}
