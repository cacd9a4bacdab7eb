// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace MemoryServe;

/// <summary>Reads the query part of requests.</summary>
internal static class Query
{
    private const int DefaultTop = 10;
    private const int LargestTop = 1000;

    /// <summary>Reads how many classes or neighbours an answer shows.</summary>
    /// <exception cref="RequestProblem">The number is none, or out of range.</exception>
    public static int Top(HttpContext context)
    {
        if (!context.Request.Query.TryGetValue("top", out StringValues text)) return DefaultTop;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int top) && top is >= 1 and <= LargestTop
            ? top
            : throw new RequestProblem(
                StatusCodes.Status400BadRequest, $"Parameter 'top' must be a whole number from 1 to {LargestTop}.");
    }

    /// <summary>Gives the best classes, best first; equal scores in the order of the classes.</summary>
    public static IReadOnlyList<ClassScore> Best(IReadOnlyList<string> classes, IReadOnlyList<float> scores, int top)
        => [.. Enumerable.Range(0, scores.Count)
            .OrderByDescending(index => scores[index])
            .Take(top)
            .Select(index => new ClassScore(classes[index], scores[index]))];
}
