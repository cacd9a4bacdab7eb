// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace MemoryServe;

/// <summary>A file of the inspector's page.</summary>
/// <param name="Content">Its bytes.</param>
/// <param name="ContentType">What they are.</param>
/// <param name="Tag">Changes with the bytes: an entity tag in its quotes.</param>
internal sealed record PageFile(byte[] Content, string ContentType, string Tag);
