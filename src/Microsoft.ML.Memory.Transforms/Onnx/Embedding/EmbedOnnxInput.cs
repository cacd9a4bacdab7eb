// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Says which column an input of a network is read from.</summary>
/// <param name="InputName">Name of the input in the network.</param>
/// <param name="ColumnName">Name of the column.</param>
public sealed record EmbedOnnxInput(string InputName, string ColumnName);
