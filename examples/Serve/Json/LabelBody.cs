// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace MemoryServe;

/// <summary>The label that an entry gets.</summary>
internal sealed record LabelBody(string Label);
