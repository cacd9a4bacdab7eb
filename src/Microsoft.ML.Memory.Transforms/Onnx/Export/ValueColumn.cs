// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Onnx;

/// <summary>A column behind a memory that holds the values of classes.</summary>
/// <param name="Name">Its name.</param>
/// <param name="KeyName">Name of the column of the classes.</param>
internal sealed record ValueColumn(string Name, string KeyName);
