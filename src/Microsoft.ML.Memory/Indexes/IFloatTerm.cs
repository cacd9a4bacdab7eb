// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.Intrinsics;

namespace Microsoft.ML.Memory;

/// <summary>What two floats add to a sum: their product, or the square of their difference.</summary>
internal interface IFloatTerm
{
    static abstract float Add(float sum, float a, float b);

    static abstract Vector128<float> Add(Vector128<float> sum, Vector128<float> a, Vector128<float> b);

    static abstract Vector256<float> Add(Vector256<float> sum, Vector256<float> a, Vector256<float> b);

    static abstract Vector512<float> Add(Vector512<float> sum, Vector512<float> a, Vector512<float> b);
}
