// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Classes without an entry to forget.</summary>
internal sealed class DropClassesChange : MemoryChange;
