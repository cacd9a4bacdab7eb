// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Security.Cryptography;
using System.Text;

namespace MemoryServe;

/// <summary>Lets only who has the key change or download the memory.</summary>
/// <param name="keyHash">SHA-256 of the key; null refuses everybody.</param>
internal sealed class ApiKeyGate(byte[]? keyHash)
{
    private const string Scheme = "Bearer ";

    /// <summary>Whether there is a key at all.</summary>
    public bool HasKey => keyHash is not null;

    /// <summary>Checks the key of a request.</summary>
    /// <exception cref="RequestProblem">The server has no key, or the request has another one.</exception>
    public void Check(HttpContext context)
    {
        if (keyHash is null)
        {
            throw new RequestProblem(
                StatusCodes.Status403Forbidden, "The server must have an API key for this. It was started without one.");
        }

        string given = context.Request.Headers.Authorization.ToString();
        string key = given.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? given[Scheme.Length..] : "";
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(key));
        if (CryptographicOperations.FixedTimeEquals(hash, keyHash)) return;
        throw new RequestProblem(
            StatusCodes.Status401Unauthorized, "The request must have the header 'Authorization: Bearer' with the API key.");
    }
}
