// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.Intrinsics;

namespace Microsoft.ML.Memory;

/// <summary>One way to multiply codes; all give the same integers.</summary>
internal interface ICodeMath
{
    /// <summary>Largest magnitude of a query's code.</summary>
    static abstract int Largest { get; }

    /// <summary>What is added to a query's code so that it is not negative.</summary>
    static abstract int Shift { get; }

    /// <summary>Adds to each sum the four products that stand in its place.</summary>
    static abstract Vector256<int> Add(Vector256<int> sums, Vector256<byte> query, Vector256<sbyte> row);
}
