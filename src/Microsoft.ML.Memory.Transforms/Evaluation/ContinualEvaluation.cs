// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using System.Text;

namespace Microsoft.ML.Memory;

/// <summary>How a model did that learned tasks one after the other.</summary>
/// <remarks>Immutable, so safe for concurrent use.</remarks>
public sealed class ContinualEvaluation
{
    private const int LongestName = 24;

    internal ContinualEvaluation(IReadOnlyList<string> taskNames, ContinualMetrics metrics, ITransformer model)
    {
        TaskNames = taskNames;
        Metrics = metrics;
        Model = model;
    }

    /// <summary>Name of each task, in the order of learning.</summary>
    public IReadOnlyList<string> TaskNames { get; }

    /// <summary>All accuracies and what they come to.</summary>
    public ContinualMetrics Metrics { get; }

    /// <summary>The model after the last task.</summary>
    public ITransformer Model { get; }

    /// <summary>Gives accuracies (trained down, tested across) and measures as text, the same in every culture.
    /// </summary>
    public string ToTable()
    {
        int[] widths = [.. TaskNames.Select(name => Math.Max(6, Short(name).Length))];
        int left = Math.Max("(untrained)".Length, TaskNames.Max(name => Short(name).Length));
        var table = new StringBuilder();
        AppendRow(table, left, "trained on", index => Short(TaskNames[index]).PadLeft(widths[index]));
        if (Metrics.Baseline.Count > 0)
            AppendRow(table, left, "(untrained)", index => Text(Metrics.Baseline[index], widths[index]));
        for (int trained = 0; trained < TaskNames.Count; trained++)
        {
            int last = trained;
            AppendRow(
                table, left, Short(TaskNames[trained]), index => Text(Metrics.After(last, index), widths[index]));
        }

        AppendMeasure(table, "ACC, mean accuracy at the end", Metrics.AverageAccuracy);
        AppendMeasure(table, "BWT, backward transfer", Metrics.BackwardTransfer);
        AppendMeasure(table, "FWT, forward transfer", Metrics.ForwardTransfer);
        AppendMeasure(table, "forgetting", Metrics.Forgetting);
        AppendMeasure(table, "accuracy after own training", Metrics.LearningAccuracy);
        AppendMeasure(table, "mean accuracy on tasks seen", Metrics.AverageIncrementalAccuracy);
        return table.ToString();
    }

    /// <summary>
    /// Draws the accuracy on each task, from its own training on, and the mean over the tasks seen, as an SVG picture.
    /// </summary>
    public string ToSvg()
    {
        int count = TaskNames.Count;
        var plot = new SvgPlot("Accuracy after each task", "tasks learned", 1, Math.Max(2, count));
        for (int task = 0; task < count; task++)
        {
            int tested = task;
            plot.Add(
                TaskNames[task],
                [.. Enumerable.Range(task, count - task).Select(
                    trained => (trained + 1.0, Metrics.After(trained, tested)))]);
        }

        plot.Add(
            "mean of those seen",
            [.. Enumerable.Range(0, count).Select(trained => (
                trained + 1.0,
                Enumerable.Range(0, trained + 1).Average(tested => Metrics.After(trained, tested))))],
            isDashed: true);
        return plot.ToString();
    }

    private static string Short(string name) => name.Length <= LongestName ? name : name[..(LongestName - 1)] + "…";

    private static string Text(double accuracy, int width)
        => accuracy.ToString("F4", CultureInfo.InvariantCulture).PadLeft(width);

    private static void AppendMeasure(StringBuilder table, string name, double? value)
    {
        string text = value?.ToString("F4", CultureInfo.InvariantCulture) ?? "not defined";
        table.Append(CultureInfo.InvariantCulture, $"{name}: {text}\n");
    }

    private void AppendRow(StringBuilder table, int left, string name, Func<int, string> cell)
    {
        table.Append(name.PadRight(left));
        for (int index = 0; index < TaskNames.Count; index++) table.Append("  ").Append(cell(index));
        table.Append('\n');
    }
}
