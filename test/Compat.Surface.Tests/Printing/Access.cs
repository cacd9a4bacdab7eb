// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Reflection;

namespace Compat.Surface.Tests.Printing;

/// <summary>What another assembly can see or override.</summary>
internal static class Access
{
    public static string Of(Type type) => type.IsNestedFamily || type.IsNestedFamORAssem ? "protected" : "public";

    public static bool Shown(Type type) => type.DeclaringType is { } owner
        ? (type.IsNestedPublic || type.IsNestedFamily || type.IsNestedFamORAssem) && Shown(owner)
        : type.IsPublic;

    public static bool Shown(MethodBase? method) => method is { IsPublic: true } or { IsFamily: true }
        or { IsFamilyOrAssembly: true };

    public static bool Shown(FieldInfo field) => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly;

    public static string Of(MethodBase method) => method.IsPublic ? "public" : "protected";

    public static string Of(FieldInfo field) => field.IsPublic ? "public" : "protected";
}
