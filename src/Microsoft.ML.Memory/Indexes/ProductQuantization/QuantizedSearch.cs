// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics.Tensors;

namespace Microsoft.ML.Memory;

/// <summary>Searches rows by their codes: each query on one thread, so that results do not depend on threads.</summary>
internal static class QuantizedSearch
{
    /// <summary>Finds the neighbours of queries; a query with a NaN or infinite value gets none.</summary>
    /// <param name="request">What is asked for; the caller keeps its rows alive.</param>
    /// <param name="queries">[n, d].</param>
    /// <param name="neighbors">Receives the neighbours; it has been reset.</param>
    /// <param name="threadCount">Threads at most; null means all processors.</param>
    public static unsafe void Run(
        QuantizedRequest request, ReadOnlySpan<float> queries, NeighborTable neighbors, int? threadCount)
    {
        int dimension = request.Dimension;
        int count = queries.Length / dimension;
        if (count == 0) return;

        fixed (float* first = queries)
        {
            float* start = first;
            QueryWorkers.Each(
                count,
                threadCount ?? Environment.ProcessorCount,
                () => new QuantizedWorker(request),
                (worker, query) =>
                {
                    var values = new ReadOnlySpan<float>(start + ((nint)query * dimension), dimension);
                    if (TensorPrimitives.IsFiniteAll(values)) worker.Answer(values, neighbors.Write(query));
                },
                worker => worker.Dispose());
        }
    }
}
