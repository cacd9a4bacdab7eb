// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Reflection;
using System.Runtime.CompilerServices;

namespace Microsoft.ML.Memory.Repository;

/// <summary>Lists what an assembly shows to others, one line per type and member, in an order of its own.</summary>
internal static class ApiListing
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic
        | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static IEnumerable<string> Of(Assembly assembly) =>
        assembly.GetExportedTypes().Where(t => !IsMadeByCompiler(t))
            .OrderBy(t => t.FullName, StringComparer.Ordinal).SelectMany(Lines);

    public static IEnumerable<string> Lines(Type type)
    {
        if (typeof(Delegate).IsAssignableFrom(type))
            return [$"public delegate {Signature(type.GetMethod("Invoke")!, ApiNames.Of(type))}"];

        var members = type.GetMembers(Declared).Select(Member).OfType<string>().Select(m => "    " + m);
        return [Head(type), .. members.Order(StringComparer.Ordinal)];
    }

    private static string Head(Type type)
    {
        string kind = type.IsEnum ? "enum" : type.IsInterface ? "interface" : type.IsValueType ? "struct" : "class";
        string modifier = kind != "class" ? IsReadOnly(type) ? "readonly " : ""
            : type.IsAbstract && type.IsSealed ? "static "
            : type.IsAbstract ? "abstract "
            : type.IsSealed ? "sealed " : "";
        string list = string.Join(", ", type.IsEnum ? [] : Bases(type));
        return $"public {modifier}{kind} {ApiNames.Of(type)}{(list == "" ? "" : " : " + list)}";
    }

    private static IEnumerable<string> Bases(Type type)
    {
        Type? parent = type.BaseType == typeof(object) || type.BaseType == typeof(ValueType) ? null : type.BaseType;
        var own = type.GetInterfaces().Except(parent?.GetInterfaces() ?? []).Where(i => i.IsVisible);
        var names = own.Select(ApiNames.Of).Order(StringComparer.Ordinal);
        return parent is null ? names : names.Prepend(ApiNames.Of(parent));
    }

    // An extension block leaves nested types of its own behind; its members are listed with the static class.
    private static bool IsMadeByCompiler(Type type) =>
        type.Name.Contains('<') || (type.DeclaringType is { } outer && IsMadeByCompiler(outer));

    private static bool IsReadOnly(Type type) => type.IsDefined(typeof(IsReadOnlyAttribute), inherit: false);

    private static string? Member(MemberInfo member) => member switch
    {
        ConstructorInfo c when Access(c) is { } access => $"{access} {Signature(c, ApiNames.Simple(c.DeclaringType!))}",
        MethodInfo m when Access(m) is { } access && IsCallable(m)
            => $"{access} {Modifiers(m)}{Signature(m, m.Name + GenericList(m))}",
        PropertyInfo p => Property(p),
        FieldInfo f when !f.IsSpecialName && (f.IsPublic || f.IsFamily || f.IsFamilyOrAssembly) => Field(f),
        EventInfo e when Access(e.AddMethod!) is { } access
            => $"{access} event {ApiNames.Of(e.EventHandlerType!)} {e.Name}",
        _ => null,
    };

    // What the compiler makes is left out: accessors, which stand with their property or event, and <names>.
    private static bool IsCallable(MethodInfo method) =>
        method.Name[0] != '<' && (!method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal));

    private static string? Property(PropertyInfo property)
    {
        string? get = property.GetMethod is { } g ? Access(g) : null;
        string? set = property.SetMethod is { } s ? Access(s) : null;
        if ((get ?? set) is null) return null;

        string access = get == "public" || set == "public" ? "public" : "protected";
        Type[] marks = property.SetMethod?.ReturnParameter.GetRequiredCustomModifiers() ?? [];
        string Accessor(string? of, string word) => of is null ? "" : of == access ? $"{word}; " : $"{of} {word}; ";
        string required = property.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : "";
        string indexes = string.Join(", ", property.GetIndexParameters().Select(Parameter));
        string name = indexes == "" ? property.Name : $"this[{indexes}]";
        string setter = marks.Contains(typeof(IsExternalInit)) ? "init" : "set";
        string accessors = Accessor(get, "get") + Accessor(set, setter);
        string modifiers = required + Modifiers(property.GetMethod ?? property.SetMethod!);
        return $"{access} {modifiers}{ApiNames.Of(property.PropertyType)} {name} {{ {accessors}}}";
    }

    private static string Field(FieldInfo field)
    {
        string access = field.IsPublic ? "public" : "protected";
        string modifier = field.IsLiteral ? "const "
            : (field.IsStatic ? "static " : "") + (field.IsInitOnly ? "readonly " : "");
        string value = field.IsLiteral ? $" = {ApiNames.Literal(field.GetRawConstantValue())}" : "";
        return $"{access} {modifier}{ApiNames.Of(field.FieldType)} {field.Name}{value}";
    }

    private static string? Access(MethodBase method) =>
        method.IsPublic ? "public" : method.IsFamily || method.IsFamilyOrAssembly ? "protected" : null;

    private static string Modifiers(MethodInfo method)
    {
        if (method.DeclaringType!.IsInterface) return method.IsStatic ? "static " : "";
        bool overrides = method.GetBaseDefinition() != method;
        return method.IsStatic ? "static "
            : method.IsAbstract ? "abstract "
            : overrides ? "override "
            : method.IsVirtual && !method.IsFinal ? "virtual " : "";
    }

    private static string GenericList(MethodInfo method) =>
        method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(ApiNames.Of))}>" : "";

    private static string Signature(MethodBase method, string name)
    {
        string result = method is MethodInfo m ? ApiNames.Of(m.ReturnType) + " " : "";
        string extension = method.IsDefined(typeof(ExtensionAttribute)) ? "this " : "";
        return $"{result}{name}({extension}{string.Join(", ", method.GetParameters().Select(Parameter))})";
    }

    private static bool IsParams(ParameterInfo parameter) =>
        parameter.IsDefined(typeof(ParamArrayAttribute)) || parameter.IsDefined(typeof(ParamCollectionAttribute));

    private static string Parameter(ParameterInfo parameter)
    {
        Type type = parameter.ParameterType;
        string modifier = parameter.IsOut ? "out " : parameter.IsIn ? "in " : type.IsByRef ? "ref "
            : IsParams(parameter) ? "params " : "";
        bool isDefault = parameter.HasDefaultValue && parameter.RawDefaultValue is null && type.IsValueType;
        string value = !parameter.HasDefaultValue ? ""
            : isDefault ? " = default" : $" = {ApiNames.Literal(parameter.RawDefaultValue)}";
        return $"{modifier}{ApiNames.Of(type)} {parameter.Name}{value}";
    }
}
