// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace MemoryServe;

/// <summary>The true label of an earlier prediction.</summary>
internal sealed record FeedbackBody(string Id, string Label);
