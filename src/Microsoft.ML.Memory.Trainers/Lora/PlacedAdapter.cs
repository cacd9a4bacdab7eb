// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>An adapter on a backbone, beside others.</summary>
/// <param name="Name">What messages call it.</param>
/// <param name="Adapter">The adapter.</param>
/// <param name="Weight">By what its terms are multiplied; 1 where it replaces tensors of the backbone.</param>
internal sealed record PlacedAdapter(string Name, LoraAdapter Adapter, double Weight = 1);
