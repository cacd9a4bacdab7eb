// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Compat.Surface.Tests.Printing;

/// <summary>Type names as the listing writes them: full, with C# keywords and generic arguments in place.</summary>
internal static class TypeName
{
    private static readonly Dictionary<string, string> _keywords = new()
    {
        ["System.Void"] = "void",
        ["System.Object"] = "object",
        ["System.String"] = "string",
        ["System.Boolean"] = "bool",
        ["System.Char"] = "char",
        ["System.Byte"] = "byte",
        ["System.SByte"] = "sbyte",
        ["System.Int16"] = "short",
        ["System.UInt16"] = "ushort",
        ["System.Int32"] = "int",
        ["System.UInt32"] = "uint",
        ["System.Int64"] = "long",
        ["System.UInt64"] = "ulong",
        ["System.Single"] = "float",
        ["System.Double"] = "double",
        ["System.Decimal"] = "decimal",
    };

    public static string Of(Type type)
    {
        if (type.IsByRef)
            return Of(type.GetElementType()!);
        if (type.IsPointer)
            return Of(type.GetElementType()!) + "*";
        if (type.IsArray)
            return Of(type.GetElementType()!) + "[" + new string(',', type.GetArrayRank() - 1) + "]";
        if (type.IsGenericParameter)
            return type.Name;
        if (type.FullName is { } name && _keywords.TryGetValue(name, out string? keyword))
            return keyword;
        return IsNullable(type) ? Of(type.GetGenericArguments()[0]) + "?" : Nested(type);
    }

    private static bool IsNullable(Type type) =>
        type is { IsGenericType: true, IsGenericTypeDefinition: false, Name: "Nullable`1", Namespace: "System" };

    // A nested generic type repeats its owner's parameters first: each level prints those that it adds.
    private static string Nested(Type type)
    {
        var chain = new Stack<Type>();
        for (Type? t = type; t != null; t = t.DeclaringType)
        {
            chain.Push(t);
        }
        Type[] arguments = type.GetGenericArguments();
        int used = 0;
        var parts = new List<string>();
        foreach (Type level in chain)
        {
            int count = level.GetGenericArguments().Length;
            parts.Add(Level(level, arguments[used..count]));
            used = count;
        }
        return (string.IsNullOrEmpty(type.Namespace) ? "" : type.Namespace + ".") + string.Join(".", parts);
    }

    private static string Level(Type type, Type[] arguments)
    {
        int tick = type.Name.IndexOf('`', StringComparison.Ordinal);
        string name = tick < 0 ? type.Name : type.Name[..tick];
        return arguments.Length == 0 ? name : name + "<" + string.Join(", ", arguments.Select(Of)) + ">";
    }
}
