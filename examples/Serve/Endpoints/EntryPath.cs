// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;

namespace MemoryServe;

/// <summary>Reads the id of an entry from the path of a request.</summary>
internal static class EntryPath
{
    /// <exception cref="RequestProblem">No entry can have such an id.</exception>
    public static long IdOf(HttpContext context)
        => long.TryParse(
            (string?)context.Request.RouteValues["id"],
            NumberStyles.AllowLeadingSign,
            CultureInfo.InvariantCulture,
            out long id)
            ? id
            : throw NotStored();

    /// <summary>The answer where an entry is not there.</summary>
    public static RequestProblem NotStored()
        => new(StatusCodes.Status404NotFound, "The entry must be stored. It is not.");
}
