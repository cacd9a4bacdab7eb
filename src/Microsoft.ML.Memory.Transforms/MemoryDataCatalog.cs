// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory;

namespace Microsoft.ML;

/// <summary>Indexes made of data, in <c>mlContext.Data</c>.</summary>
public static class MemoryDataCatalog
{
    extension(DataOperationsCatalog catalog)
    {
        /// <summary>Builds an index in a file from the vectors of a view, which may be larger than memory.</summary>
        /// <remarks>
        /// <para>The view is read twice, row by row and never held; it must give the same rows in the same order both
        /// times, so a view that shuffles anew is refused. A file that is there is replaced at the very end.</para>
        /// <para>Memory and cost are those of the other builds of a <see cref="ClusteredIndex"/>.</para>
        /// </remarks>
        /// <param name="data">The rows.</param>
        /// <param name="path">The file.</param>
        /// <param name="featureColumnName">A vector of Single with a fixed size, d; finite in every row.</param>
        /// <param name="idColumnName">
        /// The id of each row, an integer of 32 or 64 bits, all different; null (the default) means the row's position,
        /// from 0 on.
        /// </param>
        /// <param name="metric">How far apart two vectors are.</param>
        /// <param name="settings">Null means the defaults.</param>
        /// <param name="cancellationToken">Stops the build.</param>
        /// <returns>The open index, which the caller disposes.</returns>
        /// <exception cref="ArgumentException">
        /// A column is missing or of the wrong type, a setting is out of its range, or an id comes twice.
        /// </exception>
        /// <exception cref="InvalidOperationException">
        /// A feature is not a finite number, or the view gives other rows the second time.
        /// </exception>
        /// <exception cref="IOException">The file is open elsewhere, or a file cannot be written.</exception>
        /// <exception cref="OperationCanceledException">The build was stopped.</exception>
        public ClusteredIndex BuildClusteredIndex(
            IDataView data,
            string path,
            string featureColumnName = "Features",
            string? idColumnName = null,
            Metric metric = Metric.Cosine,
            ClusteredSettings? settings = null,
            CancellationToken cancellationToken = default)
        {
            ArgumentNullException.ThrowIfNull(catalog);
            ArgumentNullException.ThrowIfNull(data);
            ArgumentNullException.ThrowIfNull(featureColumnName);
            var rows = new ClusteredRows(data, featureColumnName, idColumnName);
            return ClusteredIndex.Build(path, rows.Read(), rows.Dimension, metric, settings, cancellationToken);
        }
    }
}
