// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;

namespace Microsoft.ML.Memory.Repository;

/// <summary>Writes types and constants as C# does.</summary>
internal static class ApiNames
{
    private static readonly Dictionary<Type, string> _words = new()
    {
        [typeof(void)] = "void",
        [typeof(object)] = "object",
        [typeof(string)] = "string",
        [typeof(bool)] = "bool",
        [typeof(byte)] = "byte",
        [typeof(sbyte)] = "sbyte",
        [typeof(short)] = "short",
        [typeof(ushort)] = "ushort",
        [typeof(int)] = "int",
        [typeof(uint)] = "uint",
        [typeof(long)] = "long",
        [typeof(ulong)] = "ulong",
        [typeof(float)] = "float",
        [typeof(double)] = "double",
        [typeof(char)] = "char",
        [typeof(decimal)] = "decimal",
    };

    public static string Of(Type type)
    {
        if (type.IsByRef) return Of(type.GetElementType()!);
        if (type.IsArray) return $"{Of(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        if (type.IsPointer) return Of(type.GetElementType()!) + "*";
        if (type.IsGenericParameter) return type.Name;
        if (_words.TryGetValue(type, out string? word)) return word;
        if (Nullable.GetUnderlyingType(type) is { } underlying) return Of(underlying) + "?";

        string path = type.DeclaringType is { } outer ? Outer(outer) : type.Namespace ?? "";
        return path == "" ? WithArguments(type) : $"{path}.{WithArguments(type)}";
    }

    /// <summary>The name alone, as a constructor has it.</summary>
    public static string Simple(Type type) => type.Name.Split('`')[0];

    public static string Literal(object? value) => value switch
    {
        null => "null",
        string s => $"\"{s}\"",
        bool b => b ? "true" : "false",
        IFormattable f => f.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private static string Outer(Type type) => type.IsGenericTypeDefinition ? Of(type) : Of(type).Split('<')[0];

    private static string WithArguments(Type type)
    {
        int inherited = type.DeclaringType?.GetGenericArguments().Length ?? 0;
        Type[] own = [.. type.GetGenericArguments().Skip(inherited)];
        return own.Length == 0 ? Simple(type) : $"{Simple(type)}<{string.Join(", ", own.Select(Of))}>";
    }
}
