// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Memory;

namespace Microsoft.ML;

/// <summary>Finds and exchanges the memory inside a fitted or loaded pipeline.</summary>
public static class MemoryChain
{
    extension(ITransformer model)
    {
        /// <summary>
        /// Finds the memory in a model: the model itself, or the only one in its chain, nested chains included.
        /// </summary>
        /// <typeparam name="TMemory">Kind of memory, such as <see cref="VisualMemoryTransformer"/>.</typeparam>
        /// <exception cref="InvalidOperationException">The model holds no such memory, or more than one.</exception>
        public TMemory FindMemory<TMemory>()
            where TMemory : class, ITransformer
        {
            TMemory[] found = [.. Flatten(model).OfType<TMemory>()];
            return found.Length == 1
                ? found[0]
                : throw new InvalidOperationException(
                    $"The model must hold exactly one {typeof(TMemory).Name}. Got {found.Length}.");
        }

        /// <summary>Gives the model with its memory exchanged, for instance for one with more examples.</summary>
        /// <param name="memory">What takes the place of the memory of its kind in the model.</param>
        /// <returns>A new model; the old one stays as it is. Every transformer applies in every scope.</returns>
        /// <exception cref="InvalidOperationException">The model holds no such memory, or more than one.</exception>
        public ITransformer WithMemory<TMemory>(TMemory memory)
            where TMemory : class, ITransformer
        {
            ArgumentNullException.ThrowIfNull(memory);
            return Replace(model, model.FindMemory<TMemory>(), memory);
        }
    }

    private static IEnumerable<ITransformer> Flatten(ITransformer model)
        => model is IEnumerable<ITransformer> chain ? chain.SelectMany(Flatten) : [model];

    private static ITransformer Replace(ITransformer model, ITransformer old, ITransformer memory)
    {
        if (ReferenceEquals(model, old)) return memory;
        return model is IEnumerable<ITransformer> chain
            ? new TransformerChain<ITransformer>([.. chain.Select(each => Replace(each, old, memory))])
            : model;
    }
}
