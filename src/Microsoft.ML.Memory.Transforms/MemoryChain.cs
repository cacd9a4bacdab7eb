// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Memory;

namespace Microsoft.ML;

/// <summary>Finds, feeds and exchanges the memory inside a fitted or loaded pipeline.</summary>
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
            ArgumentNullException.ThrowIfNull(model);
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

        /// <summary>Gives rows as the memory in a model sees them: after all that comes before it there.</summary>
        /// <remarks>
        /// That is what a memory's own verbs take, such as <see cref="VisualMemoryTransformer.Add"/>, and a session or
        /// a durable memory. Labels that the model maps to keys lose values that are new to the mapping: map them into
        /// a column of another name, and give the verb the column with the values.
        /// </remarks>
        /// <typeparam name="TMemory">Kind of memory, such as <see cref="VisualMemoryTransformer"/>.</typeparam>
        /// <param name="rows">Rows as the model takes them.</param>
        /// <returns>A lazy view; the rows themselves where nothing comes before the memory.</returns>
        /// <exception cref="InvalidOperationException">The model holds no such memory, or more than one.</exception>
        public IDataView TransformBefore<TMemory>(IDataView rows)
            where TMemory : class, ITransformer
        {
            ArgumentNullException.ThrowIfNull(rows);
            TMemory memory = model.FindMemory<TMemory>();
            return Flatten(model).TakeWhile(each => !ReferenceEquals(each, memory))
                .Aggregate(rows, (view, each) => each.Transform(view));
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
