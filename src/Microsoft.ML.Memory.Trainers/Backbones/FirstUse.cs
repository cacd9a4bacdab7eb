// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>A value that is made when it is first asked for; where that fails, whoever asks next tries again.</summary>
/// <remarks>Thread-safe: one thread makes it, others wait. What fails is often memory, which may be there later; a
/// <see cref="Lazy{T}"/> would give the same error for ever.</remarks>
/// <param name="make">Makes the value.</param>
internal sealed class FirstUse<T>(Func<T> make)
    where T : class
{
    private readonly Lock _gate = new();
    private T? _made;

    /// <summary>The value, or null where nobody has asked for it.</summary>
    public T? Made => Volatile.Read(ref _made);

    public T Get()
    {
        if (Made is { } made) return made;
        lock (_gate)
        {
            if (_made is null) Volatile.Write(ref _made, make());
            return _made;
        }
    }
}
