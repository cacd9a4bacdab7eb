// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace MemoryServe;

/// <summary>How a picture that somebody has can be asked about.</summary>
internal static class InspectionInput
{
    /// <summary>Finds the column that is the entries' vector itself, where it is all that a prediction needs; null
    /// where it is not.</summary>
    public static string? VectorOf(InspectedMemory memory)
        => memory.Model.Input.NeededColumns is [{ JsonType: "array", Size: { } size, Name: var name }]
            && size == memory.Entries.Dimension && name == memory.Face.FeatureColumnName
            ? name
            : null;

    /// <summary>Says what a request must hold.</summary>
    /// <param name="memory">The memory.</param>
    /// <param name="shape">How its vectors are read as pixels; null where they are none.</param>
    /// <returns>pixels, image or row; and the column, null for a row.</returns>
    public static (string Kind, string? Column) Of(InspectedMemory memory, PictureShape? shape)
    {
        if (memory.Model.Input.NeededColumns is [ImageColumn image]) return ("image", image.Name);
        return shape is not null && VectorOf(memory) is { } vector ? ("pixels", vector) : ("row", null);
    }
}
