// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Runtime;

/// <summary>Notes on an exception who threw it.</summary>
public interface IExceptionContext
{
    string ContextDescription { get; }

    TException Process<TException>(TException ex)
        where TException : Exception;
}
