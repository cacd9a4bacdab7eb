// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Where an entry is stored.</summary>
internal readonly record struct EntryPlace(EntrySegment Segment, int Row);
