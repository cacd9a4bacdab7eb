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
            IReadOnlyList<TMemory> found = model.FindMemories<TMemory>();
            if (found.Count == 1) return found[0];
            string remedy = found.Count == 0
                ? ""
                : " FindMemories gives them all; WithMemory and TransformBefore take the one that is meant.";
            throw new InvalidOperationException(
                $"The model must hold exactly one {typeof(TMemory).Name}. Got {found.Count}.{remedy}");
        }

        /// <summary>Finds all memories of a kind in a model, in the order in which rows meet them.</summary>
        /// <typeparam name="TMemory">Kind of memory, such as <see cref="NearestNeighborsTransformer"/>.</typeparam>
        /// <returns>None where the model holds no such memory.</returns>
        public IReadOnlyList<TMemory> FindMemories<TMemory>()
            where TMemory : class, ITransformer
        {
            ArgumentNullException.ThrowIfNull(model);
            return [.. Flatten(model).OfType<TMemory>()];
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

        /// <summary>Gives the model with one of its memories exchanged, for models with several of a kind.</summary>
        /// <param name="memory">What takes the place.</param>
        /// <param name="inPlaceOf">The memory of the model whose place it takes.</param>
        /// <returns>A new model; the old one stays as it is. Every transformer applies in every scope.</returns>
        /// <exception cref="ArgumentException"><paramref name="inPlaceOf"/> is not in the model.</exception>
        public ITransformer WithMemory<TMemory>(TMemory memory, TMemory inPlaceOf)
            where TMemory : class, ITransformer
        {
            ArgumentNullException.ThrowIfNull(memory);
            RequireIn(model, inPlaceOf, nameof(inPlaceOf));
            return Replace(model, inPlaceOf, memory);
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
            => model.TransformBefore(rows, model.FindMemory<TMemory>());

        /// <summary>Gives rows as one memory of a model sees them, for models with several of a kind.</summary>
        /// <param name="rows">Rows as the model takes them.</param>
        /// <param name="memory">A memory of the model.</param>
        /// <returns>A lazy view; the rows themselves where nothing comes before the memory.</returns>
        /// <exception cref="ArgumentException"><paramref name="memory"/> is not in the model.</exception>
        public IDataView TransformBefore(IDataView rows, ITransformer memory)
        {
            ArgumentNullException.ThrowIfNull(rows);
            RequireIn(model, memory, nameof(memory));
            return Flatten(model).TakeWhile(each => !ReferenceEquals(each, memory))
                .Aggregate(rows, (view, each) => each.Transform(view));
        }
    }

    private static IEnumerable<ITransformer> Flatten(ITransformer model)
        => model is IEnumerable<ITransformer> chain ? chain.SelectMany(Flatten) : [model];

    private static void RequireIn(ITransformer model, ITransformer memory, string parameter)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(memory, parameter);
        if (!Flatten(model).Contains(memory, ReferenceEqualityComparer.Instance))
        {
            throw new ArgumentException(
                $"{parameter} must be a part of the model. Got a {memory.GetType().Name} that is not. "
                + "Take one that FindMemories gives.",
                parameter);
        }
    }

    private static ITransformer Replace(ITransformer model, ITransformer old, ITransformer memory)
    {
        if (ReferenceEquals(model, old)) return memory;
        return model is IEnumerable<ITransformer> chain
            ? new TransformerChain<ITransformer>([.. chain.Select(each => Replace(each, old, memory))])
            : model;
    }
}
