// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Sums up how a model that learned t tasks one after the other does on all of them.</summary>
/// <remarks>
/// <para>R(i, j) is the accuracy on task j after training on the tasks 0 to i; b(j) that of the untrained model.</para>
/// <para>Measures that compare two tasks are null where there is one task only. Backward and forward transfer divide by
/// the number of terms, t - 1; <see cref="BackwardTransferDividedByTaskCount"/> and
/// <see cref="ForwardTransferDividedByTaskCount"/> divide the same sums by t.</para>
/// <para>Cost O(t²). Immutable, so safe for concurrent use.</para>
/// <para>Source: Lopez-Paz, Ranzato, "Gradient episodic memory for continual learning", NIPS 2017, arXiv 1706.08840
/// (ACC, BWT, FWT); Chaudhry, Dokania, Ajanthan, Torr, "Riemannian walk for incremental learning", ECCV 2018, arXiv
/// 1801.10112 (forgetting).</para>
/// <para>Differs from the paper: forgetting of task j looks for the best accuracy from task j on, since an accuracy
/// before the task was learned cannot be forgotten; <see cref="ForgettingFromFirstTask"/> is as published. What the
/// authors of the first source released divides by t.</para>
/// </remarks>
public sealed class ContinualMetrics
{
    private readonly double[,] _accuracies;
    private readonly double[] _baseline;

    /// <summary>Copies and checks the accuracies.</summary>
    /// <param name="accuracies">[t, t], R(i, j) in [0, 1].</param>
    /// <param name="baseline">[t], b(j) in [0, 1]; empty where it is not known, and then there is no forward transfer.
    /// </param>
    /// <exception cref="ArgumentException">A shape does not fit or a value is out of range.</exception>
    public ContinualMetrics(double[,] accuracies, ReadOnlySpan<double> baseline = default)
    {
        ArgumentNullException.ThrowIfNull(accuracies);
        (int rows, int columns) = (accuracies.GetLength(0), accuracies.GetLength(1));
        if (rows != columns || rows == 0)
        {
            throw new ArgumentException(
                $"accuracies must be [t, t] with t at least 1. Got [{rows}, {columns}].", nameof(accuracies));
        }

        if (!baseline.IsEmpty) Check.Length(baseline.Length, rows, nameof(baseline), "[t]");
        for (int task = 0; task < rows; task++)
        {
            if (!baseline.IsEmpty) CheckShare(baseline[task], nameof(baseline), $"[{task}]");
            for (int other = 0; other < rows; other++)
                CheckShare(accuracies[task, other], nameof(accuracies), $"[{task}, {other}]");
        }

        _accuracies = (double[,])accuracies.Clone();
        _baseline = baseline.ToArray();
    }

    /// <summary>Number of tasks t, at least 1.</summary>
    public int TaskCount => _accuracies.GetLength(0);

    /// <summary>Accuracy of the untrained model on each task, [t]; empty where it is not known.</summary>
    public IReadOnlyList<double> Baseline => _baseline;

    /// <summary>ACC: mean accuracy on all tasks after the last one.</summary>
    public double AverageAccuracy => Mean(0, TaskCount, task => After(TaskCount - 1, task));

    /// <summary>BWT: how much later tasks changed the accuracy on earlier ones, on average; negative is forgetting.
    /// </summary>
    public double? BackwardTransfer => MeanOrNull(0, TaskCount - 1, BackwardTransferOf);

    /// <summary>FWT: how much earlier tasks help with a task not seen yet; null without a baseline, too.</summary>
    public double? ForwardTransfer => _baseline.Length == 0 ? null : MeanOrNull(1, TaskCount, ForwardTransferOf);

    /// <summary>Mean of <see cref="ForgettingPerTask"/>.</summary>
    public double? Forgetting => MeanOrNull(0, TaskCount - 1, task => ForgettingOf(task, task));

    /// <summary>Forgetting with the best accuracy taken from the first task on, as first published.</summary>
    public double? ForgettingFromFirstTask => MeanOrNull(0, TaskCount - 1, task => ForgettingOf(task, 0));

    /// <summary>
    /// Best accuracy on each task but the last, from its training on, minus the one at the end: [t - 1].
    /// </summary>
    public IReadOnlyList<double> ForgettingPerTask
        => [.. Enumerable.Range(0, TaskCount - 1).Select(task => ForgettingOf(task, task))];

    /// <summary>Mean accuracy on each task just after its own training.</summary>
    public double LearningAccuracy => Mean(0, TaskCount, task => After(task, task));

    /// <summary>Mean, over the trainings, of the mean accuracy on the tasks seen by then.</summary>
    public double AverageIncrementalAccuracy
        => Mean(0, TaskCount, task => Mean(0, task + 1, seen => After(task, seen)));

    /// <summary>The sum of <see cref="BackwardTransfer"/> divided by t.</summary>
    public double? BackwardTransferDividedByTaskCount => BackwardTransfer * (TaskCount - 1) / TaskCount;

    /// <summary>The sum of <see cref="ForwardTransfer"/> divided by t.</summary>
    public double? ForwardTransferDividedByTaskCount => ForwardTransfer * (TaskCount - 1) / TaskCount;

    /// <summary>Gives R: the accuracy on one task after training on another and all before it.</summary>
    /// <param name="trained">The task trained on last, in [0, t).</param>
    /// <param name="tested">The task tested, in [0, t).</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such task.</exception>
    public double After(int trained, int tested)
        => _accuracies[Check.Index(trained, TaskCount), Check.Index(tested, TaskCount)];

    private double BackwardTransferOf(int task) => After(TaskCount - 1, task) - After(task, task);

    private double ForwardTransferOf(int task) => After(task - 1, task) - _baseline[task];

    private double ForgettingOf(int task, int from)
    {
        double best = 0;
        for (int trained = from; trained < TaskCount - 1; trained++) best = Math.Max(best, After(trained, task));
        return best - After(TaskCount - 1, task);
    }

    private static double? MeanOrNull(int from, int to, Func<int, double> value)
        => to > from ? Mean(from, to, value) : null;

    private static double Mean(int from, int to, Func<int, double> value)
    {
        double sum = 0;
        for (int task = from; task < to; task++) sum += value(task);
        return sum / (to - from);
    }

    private static void CheckShare(double value, string parameter, string place)
    {
        if (!(value >= 0 && value <= 1))
            throw new ArgumentException(
                $"{parameter} must be in [0, 1]. Got {Check.Shown(value)} at {place}.", parameter);
    }
}
