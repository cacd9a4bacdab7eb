// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Reflection;
using System.Runtime.ExceptionServices;

namespace Microsoft.ML.Data;

/// <summary>Calls a static generic method with types that are known at run time only.</summary>
internal static class Generic
{
    public static TResult Call<TResult>(Type owner, string method, Type[] types, params object[] args)
    {
        MethodInfo open = owner.GetMethod(method, BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public);
        try
        {
            return (TResult)open.MakeGenericMethod(types).Invoke(null, args);
        }
        catch (TargetInvocationException exception)
        {
            ExceptionDispatchInfo.Throw(exception.InnerException);
            throw;
        }
    }
}
