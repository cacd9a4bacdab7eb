// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Hosting;

namespace Microsoft.ML.Memory;

/// <summary>Trains a model on tasks one after the other and tests it on all of them after each.</summary>
/// <remarks>
/// <para>Works with any model: a delegate fits the first task and goes on with the next. After each training the model
/// is asked about the test rows of all t tasks, those to come as well, since forward transfer needs them. A class that
/// the model does not know yet counts as wrong.</para>
/// <para>Cost: t trainings and t² passes over test rows; each pass reads the test view twice, for labels and for
/// predictions, so it must give its rows in the same order again. Deterministic where the model is. Immutable, so safe
/// for concurrent use.</para>
/// <para>Source: Lopez-Paz, Ranzato, "Gradient episodic memory for continual learning", NIPS 2017, arXiv 1706.08840.
/// </para>
/// </remarks>
public sealed class ContinualEvaluator
{
    private readonly ContinualOptions _options;

    /// <summary>Checks and keeps the options.</summary>
    /// <param name="options">Null means <c>new ContinualOptions()</c>.</param>
    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    public ContinualEvaluator(ContinualOptions? options = null)
    {
        _options = options ?? new ContinualOptions();
        _options.Validate();
    }

    /// <summary>Learns the tasks in order and measures all accuracies.</summary>
    /// <param name="tasks">The tasks, at least one; their labels are of one type.</param>
    /// <param name="update">
    /// Gives the model after one more task: from the model so far, null at first, and the task's training rows.
    /// </param>
    /// <param name="progress">Hears of every accuracy as soon as it is known; null for nobody.</param>
    /// <exception cref="ArgumentException">
    /// There is no task, or a label or prediction column is missing or of a type that cannot be compared.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// A task has no test row or one without a label, the model leaves rows out, or <paramref name="update"/> gives
    /// null.
    /// </exception>
    public ContinualEvaluation Evaluate(
        IReadOnlyList<ContinualTask> tasks,
        Func<ITransformer?, IDataView, ITransformer> update,
        IProgress<ContinualProgress>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        ArgumentNullException.ThrowIfNull(update);
        CheckTasks(tasks);

        int count = tasks.Count;
        int total = (count + (_options.Untrained is null ? 0 : 1)) * count;
        int done = 0;
        double[] Test(ITransformer model, string? trainedOn) => [.. tasks.Select(task =>
        {
            double accuracy = AccuracyOn(task, model);
            progress?.Report(new ContinualProgress(trainedOn, task.Name, accuracy, ++done, total));
            return accuracy;
        })];

        double[] baseline = _options.Untrained is { } untrained ? Test(untrained, null) : [];
        var accuracies = new double[count, count];
        ITransformer? model = null;
        for (int trained = 0; trained < count; trained++)
        {
            model = update(model, tasks[trained].Train) ?? throw new InvalidOperationException(
                $"update must give a model. Got null for task '{tasks[trained].Name}'.");
            double[] row = Test(model, tasks[trained].Name);
            for (int tested = 0; tested < count; tested++) accuracies[trained, tested] = row[tested];
        }

        return new ContinualEvaluation(
            [.. tasks.Select(task => task.Name)], new ContinualMetrics(accuracies, baseline), model!);
    }

    private void CheckTasks(IReadOnlyList<ContinualTask> tasks)
    {
        if (tasks.Count == 0)
            throw new ArgumentException("tasks must hold at least one task. Got none.", nameof(tasks));
        string? type = null;
        foreach (ContinualTask task in tasks)
        {
            ArgumentNullException.ThrowIfNull(task, nameof(tasks));
            string found = ClassValues.TypeOf(Columns.Find(task.Test.Schema, _options.LabelColumnName));
            type ??= found;
            if (found != type)
            {
                throw new ArgumentException(
                    $"Column '{_options.LabelColumnName}' must hold the same type of label in every task. "
                    + $"Got {type} in task '{tasks[0].Name}' and {found} in task '{task.Name}'.",
                    nameof(tasks));
            }
        }
    }

    private double AccuracyOn(ContinualTask task, ITransformer model)
    {
        long right = 0;
        long count = 0;
        foreach ((object label, object? prediction) in PredictedRows.Read(
            task.Test, model.Transform(task.Test), _options.LabelColumnName, _options.PredictedLabelColumnName))
        {
            count++;
            if (label.Equals(prediction)) right++;
        }

        return count > 0
            ? (double)right / count
            : throw new InvalidOperationException(
                $"The test rows of task '{task.Name}' must be at least one. Got none.");
    }
}
