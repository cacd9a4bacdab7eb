// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace MemoryServe;

/// <summary>Shows memories to who has the key: stored values are not for everybody.</summary>
internal sealed class InspectionGate(ModelHost host, ApiKeyGate gate)
{
    /// <summary>Answers a request of a deployment that stays in use meanwhile.</summary>
    /// <exception cref="RequestProblem">The key is missing, or there is no model yet.</exception>
    public async Task ServeAsync(HttpContext context, Func<HttpContext, Deployment, Task> answer)
    {
        gate.Check(context);
        Deployment deployment = host.Use();
        try
        {
            await answer(context, deployment);
        }
        finally
        {
            deployment.EndUse();
        }
    }

    /// <summary>Answers a request of a memory as it is now.</summary>
    /// <exception cref="RequestProblem">The key is missing, or there is no memory that can be looked into.
    /// </exception>
    public Task ServeAsync(HttpContext context, Func<HttpContext, InspectedMemory, Task> answer)
        => ServeAsync(context, (request, deployment) => answer(request, InspectedMemory.Of(deployment)));
}
