// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory;

namespace Microsoft.ML;

/// <summary>Evaluation of models that go on learning, in <c>mlContext.MulticlassClassification</c>.</summary>
public static class MemoryEvaluationCatalog
{
    extension(MulticlassClassificationCatalog catalog)
    {
        /// <summary>Trains a model on tasks one after the other and tests it on all of them after each.</summary>
        /// <param name="tasks">The tasks, at least one; their labels are of one type.</param>
        /// <param name="update">
        /// Gives the model after one more task: from the model so far, null at first, and the task's training rows.
        /// </param>
        /// <param name="options">Null means <c>new ContinualOptions()</c>.</param>
        /// <param name="progress">Hears of every accuracy as soon as it is known; null for nobody.</param>
        /// <inheritdoc cref="ContinualEvaluator.Evaluate" path="/exception"/>
        public ContinualEvaluation EvaluateContinual(
            IReadOnlyList<ContinualTask> tasks,
            Func<ITransformer?, IDataView, ITransformer> update,
            ContinualOptions? options = null,
            IProgress<ContinualProgress>? progress = null)
            => new ContinualEvaluator(options).Evaluate(tasks, update, progress);

        /// <summary>Tests a model on a stream as it learns it: every block is predicted first, then learned.</summary>
        /// <param name="stream">Rows with labels, in the order in which they came.</param>
        /// <param name="update">Gives the model after one more block: from the model so far and the block's rows.
        /// </param>
        /// <param name="model">
        /// The model to start with; null lets the first block make one, which is not counted then.
        /// </param>
        /// <param name="options">Null means <c>new PrequentialOptions()</c>.</param>
        /// <param name="progress">Hears of the measures after every block; null for nobody.</param>
        /// <exception cref="ArgumentException">
        /// A label or prediction column is missing or of a type that cannot be compared.
        /// </exception>
        /// <exception cref="InvalidOperationException">
        /// No row is left to count, a label is missing, the model leaves rows out, or <paramref name="update"/> gives
        /// null.
        /// </exception>
        public PrequentialEvaluation EvaluatePrequential(
            IDataView stream,
            Func<ITransformer?, IDataView, ITransformer> update,
            ITransformer? model = null,
            PrequentialOptions? options = null,
            IProgress<PrequentialMetrics>? progress = null)
            => new PrequentialEvaluator(options).Evaluate(stream, update, model, progress);

        /// <summary>Tests a model that changes in place, such as a session, on a stream as it learns it.</summary>
        /// <param name="stream">Rows with labels, in the order in which they came.</param>
        /// <param name="predict">Gives the rows of a block with predictions, in the same order; may be lazy.</param>
        /// <param name="update">Learns the rows of a block, after all of its predictions were read.</param>
        /// <param name="options">Null means <c>new PrequentialOptions()</c>.</param>
        /// <param name="progress">Hears of the measures after every block; null for nobody.</param>
        /// <exception cref="ArgumentException">
        /// A label or prediction column is missing or of a type that cannot be compared.
        /// </exception>
        /// <exception cref="InvalidOperationException">
        /// The stream has no row, a label is missing, or predictions leave rows out.
        /// </exception>
        public PrequentialEvaluation EvaluatePrequential(
            IDataView stream,
            Func<IDataView, IDataView> predict,
            Action<IDataView> update,
            PrequentialOptions? options = null,
            IProgress<PrequentialMetrics>? progress = null)
            => new PrequentialEvaluator(options).Evaluate(stream, predict, update, progress);
    }
}
