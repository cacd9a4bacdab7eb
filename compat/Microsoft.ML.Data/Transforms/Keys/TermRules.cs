// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data;

/// <summary>When two values get the same key, which values get none, and how values sort.</summary>
internal sealed class TermRules<TValue> : IEqualityComparer<TValue>, IComparer<TValue>
{
    private readonly ulong _keyCount;

    public TermRules(PrimitiveDataViewType itemType)
    {
        _keyCount = (itemType as KeyDataViewType)?.Count ?? 0;
    }

    /// <summary>NaN, empty text and missing keys are missing.</summary>
    public bool IsMissing(in TValue value)
    {
        if (_keyCount == 0)
            return Primitive.IsMissing(in value);
        ulong key = Convert.ToUInt64(value, null);
        return key == 0 || key > _keyCount;
    }

    public bool Equals(TValue x, TValue y) => x is ReadOnlyMemory<char> text
        ? text.Span.SequenceEqual(((ReadOnlyMemory<char>)(object)y).Span)
        : EqualityComparer<TValue>.Default.Equals(x, y);

    public int GetHashCode(TValue value) =>
        value is ReadOnlyMemory<char> text ? string.GetHashCode(text.Span) : value.GetHashCode();

    public int Compare(TValue x, TValue y) => x is ReadOnlyMemory<char> text
        ? text.Span.SequenceCompareTo(((ReadOnlyMemory<char>)(object)y).Span)
        : Comparer<TValue>.Default.Compare(x, y);
}
