// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>What is known of a vector's code when it has been made.</summary>
/// <param name="Sum">Sum of the code's values.</param>
/// <param name="Square">Sum of their squares.</param>
/// <param name="Error">Length of the difference of the vector and its step times its code.</param>
internal readonly record struct CodeSums(int Sum, double Square, double Error);
