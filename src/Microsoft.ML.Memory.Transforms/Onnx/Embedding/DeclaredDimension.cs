// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>A dimension of an input.</summary>
/// <param name="Name">Its name; one without is called by its place, such as <c>input[1]</c>.</param>
/// <param name="Size">Its size; null where it is open.</param>
internal sealed record DeclaredDimension(string Name, int? Size)
{
    public string Shown => Size is { } size
        ? size.ToString(System.Globalization.CultureInfo.InvariantCulture)
        : Name;
}
