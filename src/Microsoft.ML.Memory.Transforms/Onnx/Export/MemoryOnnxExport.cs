// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory;
using Microsoft.ML.Memory.Onnx;

namespace Microsoft.ML;

/// <summary>Writes fitted memories, and the encoders in front of them, as ONNX files.</summary>
public static class MemoryOnnxExport
{
    extension(ITransformer model)
    {
        /// <summary>Writes the model as one ONNX graph, which any ONNX Runtime runs without this library.</summary>
        /// <remarks>
        /// <para>Inputs and outputs are named like the columns. The features are Single [N, d], N free; label and
        /// scores are <c>PredictedLabel</c> [N, 1] and <c>Score</c> [N, c] Single, of a regression <c>Score</c> [N, 1]
        /// alone, then the neighbour columns [N, k]. A row with NaN or infinity has no prediction: see
        /// <see cref="OnnxLabels"/> for its label; its ids are -1, its distances NaN, its scores the class prior, or
        /// NaN of a regression.</para>
        /// <para>A memory with an index is written as its exact scan, an adaptive one as it was trained: the graph does
        /// not adapt.</para>
        /// <para>Written beside the target first and then moved, so that a reader finds the whole old or the whole new
        /// model at every moment, and a failure leaves what was there. Cost: the entries written from where they are,
        /// without a copy of them all.</para>
        /// </remarks>
        /// <param name="path">File to write.</param>
        /// <param name="options">Null means the defaults.</param>
        /// <exception cref="ArgumentException">A setting is out of its range.</exception>
        /// <exception cref="InvalidOperationException">
        /// The model, or a setting of it, cannot be exported; the message says what.
        /// </exception>
        public void ExportToOnnx(string path, OnnxExportOptions? options = null)
        {
            ArgumentException.ThrowIfNullOrEmpty(path);
            options ??= new OnnxExportOptions();
            OnnxModelFiles.Write(PipelineExport.Create(model, options), path, options.HasExternalData);
        }

        /// <summary>Writes the model as one ONNX graph to a stream.</summary>
        /// <remarks>As to a path, but without a file beside it.</remarks>
        /// <param name="stream">Where to write; it need not seek, and is left open.</param>
        /// <param name="options">Null means the defaults.</param>
        /// <exception cref="ArgumentException">
        /// A setting is out of its range, or external data is asked for.
        /// </exception>
        /// <exception cref="InvalidOperationException">
        /// The model, or a setting of it, cannot be exported, or it is too large for one file; the message says what.
        /// </exception>
        public void ExportToOnnx(Stream stream, OnnxExportOptions? options = null)
        {
            ArgumentNullException.ThrowIfNull(stream);
            options ??= new OnnxExportOptions();
            if (options.HasExternalData)
            {
                throw new ArgumentException(
                    "OnnxExportOptions.HasExternalData must be false where the model goes to a stream. Got true. "
                    + "Export to a path.",
                    nameof(options));
            }

            PipelineExport.Create(model, options).Write(stream);
        }
    }
}
