// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace MemoryServe;

/// <summary>A request that cannot be served; the answer is its problem document.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="detail">What must be, and what was got: for the client, so nothing of the server is in it.</param>
internal sealed class RequestProblem(int status, string detail) : Exception(detail)
{
    public int Status { get; } = status;

    /// <summary>What is wrong with which row; null where rows are not the matter.</summary>
    public IReadOnlyList<RowError>? Errors { get; init; }

    /// <summary>When to try again; null where trying again does not help.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Label of the counter of refused requests; null where the refusal is the client's fault.</summary>
    public string? Overload { get; init; }

    /// <summary>The answer where too much is asked of the server at once.</summary>
    public static RequestProblem Overloaded(string reason, string detail) => new(
        StatusCodes.Status503ServiceUnavailable, detail) { RetryAfter = TimeSpan.FromSeconds(1), Overload = reason };
}
