// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Which biases of the base model are trained and stored with a LoRA adapter.</summary>
public enum LoraBiasKind
{
    /// <summary>None (<c>none</c>).</summary>
    None,

    /// <summary>Every bias of the model (<c>all</c>).</summary>
    All,

    /// <summary>The biases of the adapted modules (<c>lora_only</c>).</summary>
    LoraOnly,
}
