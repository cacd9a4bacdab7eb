// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>Copies a value of a column; a vector is copied with its elements.</summary>
internal static class ValueCopy<TValue>
{
    public static readonly Copier Copy = Make();

    public delegate void Copier(in TValue source, ref TValue destination);

    private static Copier Make()
    {
        Type type = typeof(TValue);
        if (!type.IsGenericType || type.GetGenericTypeDefinition() != typeof(VBuffer<>))
            return (in source, ref destination) => destination = source;

        MethodInfo copy = typeof(ValueCopy<TValue>).GetMethod(
            nameof(CopyVector), BindingFlags.NonPublic | BindingFlags.Static);
        return copy.MakeGenericMethod(type.GetGenericArguments()).CreateDelegate<Copier>();
    }

    private static void CopyVector<TItem>(in VBuffer<TItem> source, ref VBuffer<TItem> destination) =>
        source.CopyTo(ref destination);
}
