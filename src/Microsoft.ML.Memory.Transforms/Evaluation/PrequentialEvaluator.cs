// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Tests a model on a stream as it learns it: every row is predicted first and learned afterwards.</summary>
/// <remarks>
/// <para>The stream is read once, in its order, block by block; a block is held in memory with all its columns, is
/// predicted as a whole and only then given to learn from. A class that the model does not know yet counts as wrong.
/// </para>
/// <para>Labels of streams come in runs, so a high accuracy can mean little: see <see cref="PrequentialMetrics"/> for
/// the two simple rules to beat.</para>
/// <para>Deterministic where the model is. Immutable, so safe for concurrent use.</para>
/// <para>Source: Gama, Sebastião, Rodrigues, "On evaluating stream learning algorithms", Machine Learning 90, 2013.
/// </para>
/// </remarks>
public sealed class PrequentialEvaluator
{
    private readonly PrequentialOptions _options;

    /// <summary>Checks and keeps the options.</summary>
    /// <param name="options">Null means <c>new PrequentialOptions()</c>.</param>
    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    public PrequentialEvaluator(PrequentialOptions? options = null)
    {
        _options = options ?? new PrequentialOptions();
        _options.Validate();
    }

    /// <summary>Predicts and learns a stream with a model that is replaced by a new one after every block.</summary>
    /// <param name="stream">Rows with labels, in the order in which they came.</param>
    /// <param name="update">
    /// Gives the model after one more block: from the model so far and the block's rows. The model is null where none
    /// was given and the block is the first.
    /// </param>
    /// <param name="model">The model to start with; null lets the first block make one, which is not counted then.
    /// </param>
    /// <param name="progress">Hears of the measures after every block; null for nobody.</param>
    /// <exception cref="ArgumentException">
    /// A label or prediction column is missing or of a type that cannot be compared.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// No row is left to count, a label is missing, the model leaves rows out, or <paramref name="update"/> gives null.
    /// </exception>
    public PrequentialEvaluation Evaluate(
        IDataView stream,
        Func<ITransformer?, IDataView, ITransformer> update,
        ITransformer? model = null,
        IProgress<PrequentialMetrics>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(update);

        ITransformer? current = model;
        return Run(
            stream,
            block => current?.Transform(block),
            block => current = update(current, block) ?? throw new InvalidOperationException(
                "update must give a model. Got null."),
            progress);
    }

    /// <summary>Predicts and learns a stream with a model that changes in place, such as a session.</summary>
    /// <param name="stream">Rows with labels, in the order in which they came.</param>
    /// <param name="predict">Gives the rows of a block with predictions, in the same order; may be lazy.</param>
    /// <param name="update">Learns the rows of a block, after all of its predictions were read.</param>
    /// <param name="progress">Hears of the measures after every block; null for nobody.</param>
    /// <exception cref="ArgumentException">
    /// A label or prediction column is missing or of a type that cannot be compared.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// The stream has no row, a label is missing, or predictions leave rows out.
    /// </exception>
    public PrequentialEvaluation Evaluate(
        IDataView stream,
        Func<IDataView, IDataView> predict,
        Action<IDataView> update,
        IProgress<PrequentialMetrics>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(predict);
        ArgumentNullException.ThrowIfNull(update);

        return Run(stream, predict, update, progress);
    }

    private PrequentialEvaluation Run(
        IDataView stream,
        Func<IDataView, IDataView?> predict,
        Action<IDataView> update,
        IProgress<PrequentialMetrics>? progress)
    {
        ArgumentNullException.ThrowIfNull(stream);

        var counter = new PrequentialCounter(_options.WindowLength);
        var classes = new Dictionary<object, int>();
        var points = new List<PrequentialMetrics>();
        long learned = 0;
        foreach (HeldRows block in HeldRows.BlocksOf(stream, _options.BlockSize))
        {
            if (predict(block) is { } predicted)
            {
                Count(block, predicted, counter, classes);
                points.Add(counter.Metrics);
                progress?.Report(points[^1]);
            }

            update(block);
            learned += block.Count;
        }

        if (points.Count == 0)
        {
            throw new InvalidOperationException(
                learned == 0
                    ? "The stream must hold at least one row. Got none."
                    : $"The stream must hold more rows than its first block, which makes the model. Got {learned}. "
                    + "Give a model to start with or a smaller PrequentialOptions.BlockSize.");
        }

        return new PrequentialEvaluation(points);
    }

    private void Count(
        HeldRows block, IDataView predicted, PrequentialCounter counter, Dictionary<object, int> classes)
    {
        foreach ((object label, object? prediction) in PredictedRows.Read(
            block, predicted, _options.LabelColumnName, _options.PredictedLabelColumnName))
        {
            counter.Add(IndexOf(classes, label), prediction is null ? null : IndexOf(classes, prediction));
        }
    }

    private static int IndexOf(Dictionary<object, int> classes, object value)
    {
        if (!classes.TryGetValue(value, out int index)) classes.Add(value, index = classes.Count);
        return index;
    }
}
