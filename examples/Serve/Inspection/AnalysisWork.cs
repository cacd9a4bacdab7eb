// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace MemoryServe;

/// <summary>Analyses a memory.</summary>
/// <param name="memory">The memory; it stays as it is meanwhile.</param>
/// <param name="report">Is told what is being done, and how much of the whole is done, from 0 to 1.</param>
/// <param name="cancellation">Stops the work.</param>
/// <exception cref="OperationCanceledException">The work was stopped.</exception>
internal delegate AnalysisResult AnalysisWork(
    InspectedMemory memory, Action<string, double> report, CancellationToken cancellation);
