// Licensed under the MIT License. See LICENSE in the project root for license information.

using System;

namespace Microsoft.ML.OnnxRuntime;

/// <summary>What the native library refused, or what was refused before it was asked.</summary>
public class OnnxRuntimeException : Exception
{
    internal OnnxRuntimeException(ErrorCode errorCode, string message) : base($"[ErrorCode:{errorCode}] {message}")
    {
    }
}
