// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace MemoryServe;

/// <summary>What the model is.</summary>
internal sealed record ModelAnswer(
    string Version,
    DateTimeOffset LoadedAt,
    string Kind,
    IReadOnlyList<string> Classes,
    IReadOnlyList<ColumnAnswer> Input,
    int? EntryCount,
    bool IsWritable,
    bool IsAdapting);
