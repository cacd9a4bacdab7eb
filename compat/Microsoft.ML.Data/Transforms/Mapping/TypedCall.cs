// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>Calls a generic method with a type that is known only at run time.</summary>
internal static class TypedCall
{
    private const BindingFlags Any =
        BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    public static TResult Invoke<TResult>(
        Type owner, string method, object target, Type[] typeArguments, params object[] arguments)
    {
        MethodInfo generic = owner.GetMethod(method, Any).MakeGenericMethod(typeArguments);
        return (TResult)generic.Invoke(target, BindingFlags.DoNotWrapExceptions, null, arguments, null);
    }
}
