// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace MemoryServe;

/// <summary>Answer to feedback.</summary>
internal sealed record FeedbackAnswer(long? EntryId, int EntryCount);
