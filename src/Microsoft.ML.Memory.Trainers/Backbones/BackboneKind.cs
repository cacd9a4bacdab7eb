// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Architecture of a frozen backbone.</summary>
public enum BackboneKind
{
    /// <summary>Vision transformer (Dosovitskiy et al., 2021, arXiv 2010.11929).</summary>
    Vit,

    /// <summary>DINOv2, with or without registers (Oquab et al., 2023, arXiv 2304.07193; 2309.16588).</summary>
    Dinov2,

    /// <summary>Image tower of CLIP (Radford et al., 2021, arXiv 2103.00020).</summary>
    Clip,

    /// <summary>BERT text encoder (Devlin et al., 2019, arXiv 1810.04805).</summary>
    Bert,
}
