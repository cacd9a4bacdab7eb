// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using System.Numerics.Tensors;

namespace Microsoft.ML.Memory;

/// <summary>Reads tensors that must not have NaN or infinity.</summary>
internal static class FiniteTensors
{
    /// <summary>Reads all of a floating-point tensor as single precision.</summary>
    /// <exception cref="InvalidDataException">A value is not finite; the message names its place.</exception>
    public static float[] ReadFinite(this INamedTensors tensors, string name)
    {
        float[] values = tensors.ReadSingles(name);
        tensors.RequireFinite(name, values);
        return values;
    }

    /// <summary>Requires what was read of a tensor to be finite.</summary>
    /// <exception cref="InvalidDataException">A value is not; the message names its place.</exception>
    public static void RequireFinite(this INamedTensors tensors, string name, ReadOnlySpan<float> values)
    {
        if (TensorPrimitives.IsFiniteAll(values)) return;
        int bad = 0;
        while (float.IsFinite(values[bad])) bad++;
        throw BadFile.Error(
            SafetensorsHeader.Subject(name), tensors.Source, "be finite",
            string.Create(CultureInfo.InvariantCulture, $"{values[bad]} at {bad}"));
    }
}
