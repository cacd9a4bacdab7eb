// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Order in which a network reads the channels of an image.</summary>
public enum ImageChannelOrder
{
    /// <summary>Red, green, blue: as most networks.</summary>
    Rgb,

    /// <summary>Blue, green, red: as networks from Caffe and OpenCV.</summary>
    Bgr,
}
