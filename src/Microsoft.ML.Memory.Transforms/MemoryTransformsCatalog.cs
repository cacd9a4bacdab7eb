// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory;
using Microsoft.ML.Memory.Hosting;

namespace Microsoft.ML;

/// <summary>Encoders and lookups in memories, in <c>mlContext.Transforms</c>.</summary>
public static class MemoryTransformsCatalog
{
    extension(TransformsCatalog catalog)
    {
        /// <summary>Makes a lookup of the nearest stored rows: what it is fitted on, it finds again.</summary>
        /// <param name="featureColumnName">Name of the feature column, a vector of Single with a fixed size.</param>
        /// <param name="idColumnName">
        /// Name of a column of 32 or 64-bit integers with unique ids; null numbers the stored rows from 0.
        /// </param>
        /// <param name="neighborCount">Neighbours of a row, at least 1.</param>
        /// <param name="storedColumnNames">
        /// Names of columns of the stored rows whose values, or vectors of a fixed size, are given for every neighbour.
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

        /// <summary>Makes an encoder of an ONNX network, which adds its features for every row.</summary>
        /// <param name="modelFile">Path of the ONNX model.</param>
        /// <param name="outputColumnName">Name of the column with the features.</param>
        /// <param name="inputColumnName">Name of the column that the network reads.</param>
        /// <param name="image">
        /// How images become what the network reads, such as <see cref="ImagePresets.ImageNet"/>; null says that the
        /// column holds the numbers of the tensor.
        /// </param>
        /// <param name="outputTensor">Name of the tensor with the features; null is the network's first output.</param>
        /// <exception cref="ArgumentException">A setting is out of its range.</exception>
        public EmbedOnnxEstimator EmbedOnnx(
            string modelFile,
            string outputColumnName = "Features",
            string inputColumnName = "Image",
            ImageInputOptions? image = null,
            string? outputTensor = null)
            => catalog.EmbedOnnx(new EmbedOnnxOptions
            {
                ModelFile = modelFile,
                OutputColumnName = outputColumnName,
                InputColumnName = inputColumnName,
                Image = image,
                OutputTensor = outputTensor,
            });

        /// <summary>Makes an encoder of an ONNX network, which adds its features for every row.</summary>
        /// <param name="options">Every setting; <see cref="EmbedOnnxOptions.ModelFile"/> or
        /// <see cref="EmbedOnnxOptions.ModelBytes"/> must be given.</param>
        /// <exception cref="ArgumentException">
        /// A setting is out of its range; the message names all that are.
        /// </exception>
        public EmbedOnnxEstimator EmbedOnnx(EmbedOnnxOptions options)
            => new(HostAccess.EnvironmentOf(catalog), options);
    }
}
