// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>A number of entries: those of one class, and all.</summary>
internal readonly record struct EntryCounts(long OfClass, long OfAll);
