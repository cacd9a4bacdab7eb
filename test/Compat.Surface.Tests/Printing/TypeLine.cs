// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Reflection;

namespace Compat.Surface.Tests.Printing;

/// <summary>
/// The line of a type: its kind, base and interfaces. What is internal to an assembly is not a part of it.
/// </summary>
internal static class TypeLine
{
    public static string Of(Type type) => TypeName.Of(type) + "\t" + Access.Of(type) + " " + Kind(type);

    private static string Kind(Type type)
    {
        if (type.IsEnum)
            return "enum : " + TypeName.Of(type.GetEnumUnderlyingType());
        if (IsDelegate(type))
            return Delegate(type);
        return KindWord(type) + Bases(type) + Constraints.Of(Own(type)) + Constraints.Variance(Own(type));
    }

    public static bool IsDelegate(Type type) => type.BaseType?.FullName == "System.MulticastDelegate";

    private static string Delegate(Type type)
    {
        MethodInfo invoke = type.GetMethod("Invoke")!;
        return $"delegate {TypeName.Of(invoke.ReturnType)} ({Parameters.Of(invoke)})" + Constraints.Of(Own(type));
    }

    private static string KindWord(Type type)
    {
        if (type.IsInterface)
            return "interface";
        if (type.IsValueType)
        {
            return (Has(type, "IsReadOnlyAttribute") ? "readonly " : "") + (type.IsByRefLike ? "ref " : "") + "struct";
        }
        string prefix = type switch
        {
            { IsAbstract: true, IsSealed: true } => "static ",
            { IsAbstract: true } => "abstract ",
            { IsSealed: true } => "sealed ",
            _ => "",
        };
        return prefix + "class";
    }

    private static string Bases(Type type)
    {
        IEnumerable<string> interfaces = type.GetInterfaces().Where(Visible).Select(TypeName.Of)
            .Order(StringComparer.Ordinal);
        if (type.IsClass && type.BaseType is { } b && b.FullName != "System.Object" && Visible(b))
            interfaces = interfaces.Prepend(TypeName.Of(b));
        string text = string.Join(", ", interfaces);
        return text.Length == 0 ? "" : " : " + text;
    }

    private static IEnumerable<Type> Own(Type type) =>
        type.GetGenericArguments().Skip(type.DeclaringType?.GetGenericArguments().Length ?? 0);

    private static bool Visible(Type type) => type.IsVisible
        && (!type.IsGenericType || type.GetGenericArguments().All(a => a.IsGenericParameter || Visible(a)));

    private static bool Has(Type type, string attribute) =>
        type.GetCustomAttributesData().Any(a => a.AttributeType.Name == attribute);
}
