// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory;
using Microsoft.ML.Memory.Hosting;

namespace Microsoft.ML;

/// <summary>Lookups in memories, in <c>mlContext.Transforms</c>.</summary>
public static class MemoryTransformsCatalog
{
    extension(TransformsCatalog catalog)
    {
        /// <summary>Makes a lookup of the nearest stored rows: what it is fitted on, it finds again.</summary>
        /// <param name="featureColumnName">Name of the feature column, a vector of Single with a fixed size.</param>
        /// <param name="idColumnName">
        /// Name of an Int64, Int32 or UInt32 column with unique ids; null numbers the stored rows from 0.
        /// </param>
        /// <param name="neighborCount">Neighbours of a row, at least 1.</param>
        /// <param name="storedColumnNames">
        /// Names of scalar columns of the stored rows whose values are given for every neighbour.
        /// </param>
        /// <exception cref="ArgumentException">A setting is out of its range.</exception>
        public NearestNeighborsEstimator NearestNeighbors(
            string featureColumnName = "Features",
            string? idColumnName = null,
            int neighborCount = 10,
            params string[] storedColumnNames)
            => catalog.NearestNeighbors(new NearestNeighborsOptions
            {
                FeatureColumnName = featureColumnName,
                IdColumnName = idColumnName,
                NeighborCount = neighborCount,
                StoredColumnNames = storedColumnNames,
            });

        /// <summary>Makes a lookup of the nearest stored rows: what it is fitted on, it finds again.</summary>
        /// <param name="options">Every setting; <c>new NearestNeighborsOptions()</c> is the default.</param>
        /// <exception cref="ArgumentException">
        /// A setting is out of its range; the message names all that are.
        /// </exception>
        public NearestNeighborsEstimator NearestNeighbors(NearestNeighborsOptions options)
            => new(HostAccess.EnvironmentOf(catalog), options);
    }
}
