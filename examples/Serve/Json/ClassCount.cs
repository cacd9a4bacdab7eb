// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace MemoryServe;

/// <summary>How many entries a class has.</summary>
internal sealed record ClassCount(string Name, int Count);
