// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace MemoryServe;

/// <summary>Progress of a stage as part of a whole.</summary>
/// <param name="report">Is told the stage and the share of the whole that is done.</param>
/// <param name="stage">Name of the stage.</param>
/// <param name="start">Share of the whole before the stage.</param>
/// <param name="end">Share of the whole after it.</param>
internal sealed class StageProgress(Action<string, double> report, string stage, double start, double end)
    : IProgress<double>
{
    public void Report(double value) => report(stage, start + ((end - start) * value));
}
