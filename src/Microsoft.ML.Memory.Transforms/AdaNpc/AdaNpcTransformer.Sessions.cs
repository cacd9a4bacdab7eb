// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

public sealed partial class AdaNpcTransformer
{
    /// <summary>Starts a memory that keeps what it learns from call to call, from the trained memory.</summary>
    /// <remarks>Cost O(n) for n entries; the vectors are shared, not copied. Sessions do not see each other.</remarks>
    public AdaNpcSession CreateAdaptiveSession() => new(this, resumed: null);

    /// <summary>Goes on with a session that <see cref="AdaNpcSession.Save"/> wrote.</summary>
    /// <param name="stream">What was written; it need not seek, and is left open.</param>
    /// <exception cref="InvalidDataException">
    /// The content is damaged, or the session was of other features, classes or a smaller capacity than this model's;
    /// the message says which.
    /// </exception>
    public AdaNpcSession ResumeAdaptiveSession(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return new AdaNpcSession(this, AdaNpcSessionFile.Read(stream, this));
    }
}
