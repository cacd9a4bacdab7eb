// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace MemoryServe;

/// <summary>Lets only who has the key change the memory, and counts the changes.</summary>
internal sealed class ChangeGate(ModelHost host, ApiKeyGate gate, ServeMetrics metrics)
{
    /// <summary>Makes a change and answers it.</summary>
    /// <param name="context">The request.</param>
    /// <param name="kind">Label of the counter of changes.</param>
    /// <param name="change">Makes the change; the deployment stays in use meanwhile.</param>
    /// <exception cref="RequestProblem">The key is missing, or the memory cannot be changed so.</exception>
    public async Task ServeAsync(
        HttpContext context, string kind, Func<HttpContext, Deployment, DurableStore, Task> change)
    {
        gate.Check(context);
        Deployment deployment = host.Use();
        try
        {
            DurableStore store = deployment.Store.Changes ?? throw new RequestProblem(
                StatusCodes.Status409Conflict, "The model must hold one memory that can be changed. It does not.");
            await change(context, deployment, store);
            metrics.Changes.Add(kind);
        }
        finally
        {
            deployment.EndUse();
        }
    }
}
