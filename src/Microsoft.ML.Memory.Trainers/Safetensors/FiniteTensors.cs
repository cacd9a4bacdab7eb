// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;

namespace Microsoft.ML.Memory;

/// <summary>Reads tensors that must not have NaN or infinity.</summary>
internal static class FiniteTensors
{
    /// <summary>Reads all of a floating-point tensor as single precision.</summary>
    /// <exception cref="InvalidDataException">A value is not finite; the message names its place.</exception>
    public static float[] ReadFinite(this INamedTensors tensors, string name)
    {
        float[] values = tensors.ReadSingles(name);
        int bad = Array.FindIndex(values, v => !float.IsFinite(v));
        return bad < 0 ? values : throw BadFile.Error(
            SafetensorsHeader.Subject(name), tensors.Source, "be finite",
            string.Create(CultureInfo.InvariantCulture, $"{values[bad]} at {bad}"));
    }
}
