// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Host.Behaviour.Tests.Harness;

/// <summary>Type names as recorded: full names, generic arguments in angle brackets.</summary>
internal static class TypeText
{
    public static string Of(Type type) => type.IsGenericType
        ? type.FullName[..type.FullName.IndexOf('`', StringComparison.Ordinal)]
            + "<" + string.Join(", ", type.GetGenericArguments().Select(Of)) + ">"
        : type.FullName;
}
