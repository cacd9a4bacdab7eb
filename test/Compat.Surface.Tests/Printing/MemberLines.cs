// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using System.Reflection;

namespace Compat.Surface.Tests.Printing;

/// <summary>The lines of the members that a type declares.</summary>
internal static class MemberLines
{
    private const BindingFlags Declared = BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic
        | BindingFlags.Instance | BindingFlags.Static;

    public static IEnumerable<string> Of(Type type)
    {
        if (type.IsEnum)
            return EnumMembers(type);
        if (TypeLine.IsDelegate(type))
            return [];
        return type.GetConstructors(Declared).Where(c => !c.IsStatic && Access.Shown(c)).Select(Constructor)
            .Concat(type.GetFields(Declared).Where(Access.Shown).Select(Field))
            .Concat(type.GetProperties(Declared).Where(p => Accessors(p).Any()).Select(Property))
            .Concat(type.GetEvents(Declared).Where(e => Access.Shown(e.AddMethod)).Select(Event))
            .Concat(type.GetMethods(Declared)
                .Where(m => Access.Shown(m) && !IsAccessor(m) && !IsFinalizer(m)).Select(Method))
            .Select(line => TypeName.Of(type) + "." + line);
    }

    private static IEnumerable<string> EnumMembers(Type type) =>
        type.GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(f => $"{TypeName.Of(type)}.{f.Name}\t= {Number(f.GetRawConstantValue()!)}");

    private static string Number(object value) => ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture);

    private static string Constructor(ConstructorInfo c) => $".ctor({Parameters.Of(c)})\t{Access.Of(c)} ctor";

    private static string Field(FieldInfo f)
    {
        string word = f.IsLiteral
            ? "const"
            : (f.IsStatic ? "static " : "") + (f.IsInitOnly ? "readonly " : "") + "field";
        string value = f.IsLiteral ? " = " + Literal(f.GetRawConstantValue()) : "";
        return $"{f.Name}\t{Access.Of(f)} {word} {TypeName.Of(f.FieldType)}{value}";
    }

    private static string Literal(object? value) => value switch
    {
        null => "null",
        string s => "\"" + s + "\"",
        bool b => b ? "true" : "false",
        _ => Number(value),
    };

    private static string Property(PropertyInfo p)
    {
        MethodInfo[] accessors = [.. Accessors(p)];
        string access = accessors.Any(a => a.IsPublic) ? "public" : "protected";
        string name = p.GetIndexParameters().Length > 0 ? $"this[{Parameters.Of(p)}]" : p.Name;
        string words = string.Join(" ", accessors.Select(a =>
            (Access.Of(a) == access ? "" : Access.Of(a) + " ") + (a == p.GetMethod ? "get;" : "set;")));
        return $"{name}\t{access} {Modifier(accessors[0])}property {TypeName.Of(p.PropertyType)} {{ {words} }}";
    }

    private static IEnumerable<MethodInfo> Accessors(PropertyInfo p) =>
        new[] { p.GetMethod, p.SetMethod }.OfType<MethodInfo>().Where(Access.Shown);

    private static string Event(EventInfo e) =>
        $"{e.Name}\t{Access.Of(e.AddMethod!)} {Modifier(e.AddMethod!)}event {TypeName.Of(e.EventHandlerType!)}";

    private static string Method(MethodInfo m)
    {
        string generic = m.IsGenericMethod
            ? "<" + string.Join(", ", m.GetGenericArguments().Select(TypeName.Of)) + ">"
            : "";
        string constraints = m.IsGenericMethod ? Constraints.Of(m.GetGenericArguments()) : "";
        string modifiers = $"{Access.Of(m)} {Modifier(m)}";
        return $"{m.Name}{generic}({Parameters.Of(m)})\t{modifiers}{TypeName.Of(m.ReturnType)}{constraints}";
    }

    private static string Modifier(MethodInfo m)
    {
        if (m.IsStatic)
            return "static ";
        if (m.DeclaringType!.IsInterface || !m.IsVirtual)
            return "";
        bool overrides = (m.Attributes & MethodAttributes.NewSlot) == 0;
        if (m.IsAbstract)
            return overrides ? "abstract override " : "abstract ";
        if (overrides)
            return m.IsFinal ? "sealed override " : "override ";
        return m.IsFinal ? "" : "virtual ";
    }

    // Nobody outside can call or override it by its name.
    private static bool IsFinalizer(MethodInfo m) => m is { Name: "Finalize", IsFamily: true }
        && m.GetParameters().Length == 0;

    private static bool IsAccessor(MethodInfo m) => m.IsSpecialName
        && (m.Name.StartsWith("get_", StringComparison.Ordinal) || m.Name.StartsWith("set_", StringComparison.Ordinal)
            || m.Name.StartsWith("add_", StringComparison.Ordinal)
            || m.Name.StartsWith("remove_", StringComparison.Ordinal));
}
