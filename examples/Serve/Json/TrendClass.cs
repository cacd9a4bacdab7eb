// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace MemoryServe;

/// <summary>How often a class was predicted.</summary>
internal sealed record TrendClass(string Class, int Count);
