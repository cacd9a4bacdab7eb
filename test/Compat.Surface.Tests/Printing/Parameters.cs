// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using System.Reflection;

namespace Compat.Surface.Tests.Printing;

/// <summary>Parameter lists with modifiers, names and defaults.</summary>
internal static class Parameters
{
    public static string Of(MethodBase method)
    {
        bool extension = Has(method.GetCustomAttributesData(), "ExtensionAttribute");
        return (extension ? "this " : "") + string.Join(", ", method.GetParameters().Select(One));
    }

    public static string Of(PropertyInfo indexer) => string.Join(", ", indexer.GetIndexParameters().Select(One));

    private static string One(ParameterInfo parameter) =>
        Modifier(parameter) + TypeName.Of(parameter.ParameterType) + " " + parameter.Name + Default(parameter);

    private static string Modifier(ParameterInfo parameter)
    {
        if (Has(parameter.GetCustomAttributesData(), "ParamArrayAttribute"))
            return "params ";
        if (!parameter.ParameterType.IsByRef)
            return "";
        if (parameter.IsOut)
            return "out ";
        return Has(parameter.GetCustomAttributesData(), "IsReadOnlyAttribute") ? "in " : "ref ";
    }

    private static string Default(ParameterInfo parameter) =>
        parameter.HasDefaultValue ? " = " + Value(parameter.RawDefaultValue, parameter.ParameterType) : "";

    private static string Value(object? value, Type type)
    {
        if (value is null)
            return type.IsValueType && type.Name != "Nullable`1" || type.IsGenericParameter ? "default" : "null";
        if (type.IsEnum)
            return EnumValue(value, type);
        return value switch
        {
            bool b => b ? "true" : "false",
            string s => "\"" + s + "\"",
            char c => char.IsControl(c) ? $"'\\u{(int)c:x4}'" : $"'{c}'",
            float f => f.ToString("R", CultureInfo.InvariantCulture) + "f",
            IFormattable f => f.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString()!,
        };
    }

    private static string EnumValue(object value, Type type)
    {
        FieldInfo? member = type.GetFields(BindingFlags.Public | BindingFlags.Static)
            .FirstOrDefault(f => Equals(f.GetRawConstantValue(), value));
        return member is null ? value.ToString()! : TypeName.Of(type) + "." + member.Name;
    }

    private static bool Has(IEnumerable<CustomAttributeData> attributes, string name) =>
        attributes.Any(a => a.AttributeType.Name == name);
}
