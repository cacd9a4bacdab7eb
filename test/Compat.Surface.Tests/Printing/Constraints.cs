// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Reflection;

namespace Compat.Surface.Tests.Printing;

/// <summary>The where clauses of generic parameters, and the variance note of an interface.</summary>
internal static class Constraints
{
    public static string Of(IEnumerable<Type> parameters) =>
        string.Concat(parameters.Select(One).Where(t => t.Length > 0).Select(t => " where " + t));

    public static string Variance(IEnumerable<Type> parameters)
    {
        string text = string.Join(", ", parameters.Select(VarianceOf).Where(t => t.Length > 0));
        return text.Length == 0 ? "" : $" [VARIANCE: {text}]";
    }

    private static string One(Type parameter)
    {
        GenericParameterAttributes flags = parameter.GenericParameterAttributes;
        bool isStruct = flags.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint);
        var parts = new List<string>();
        if (isStruct)
            parts.Add(IsUnmanaged(parameter) ? "unmanaged" : "struct");
        if (flags.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint))
            parts.Add("class");
        parts.AddRange(parameter.GetGenericParameterConstraints()
            .Where(c => c.FullName != "System.ValueType").Select(TypeName.Of));
        if (!isStruct && flags.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint))
            parts.Add("new()");
        return parts.Count == 0 ? "" : parameter.Name + " : " + string.Join(", ", parts);
    }

    private static bool IsUnmanaged(Type parameter) =>
        parameter.GetCustomAttributesData().Any(a => a.AttributeType.Name == "IsUnmanagedAttribute");

    private static string VarianceOf(Type parameter) =>
        (parameter.GenericParameterAttributes & GenericParameterAttributes.VarianceMask) switch
        {
            GenericParameterAttributes.Covariant => "out " + parameter.Name,
            GenericParameterAttributes.Contravariant => "in " + parameter.Name,
            _ => "",
        };
}
