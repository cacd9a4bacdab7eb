// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>How the public checkpoints of each kind want their images, given as bytes.</summary>
/// <remarks>Say the size of the images that the column holds besides:
/// <c>ImagePresets.Clip with { Width = 640, Height = 480 }</c>.</remarks>
public static class ImagePresets
{
    /// <summary>ViT: stretched, bilinear, mean and deviation 0.5.</summary>
    public static ImageInputOptions Vit { get; } = new()
    {
        Scale = 1.0 / 255,
        Mean = [0.5],
        StandardDeviation = [0.5],
        Resize = ImageResize.Stretch,
    };

    /// <summary>DINOv2: shorter side 256, bicubic, the centre cut out, mean and deviation of ImageNet.</summary>
    public static ImageInputOptions Dinov2 { get; } = new()
    {
        Scale = 1.0 / 255,
        Mean = [0.485, 0.456, 0.406],
        StandardDeviation = [0.229, 0.224, 0.225],
        Resize = ImageResize.ShortestSideThenCrop,
        ShortestSide = 256,
        Filter = ImageFilter.Bicubic,
    };

    /// <summary>CLIP: shorter side as the network's, bicubic, the centre cut out, mean and deviation of its own data.
    /// </summary>
    public static ImageInputOptions Clip { get; } = new()
    {
        Scale = 1.0 / 255,
        Mean = [0.48145466, 0.4578275, 0.40821073],
        StandardDeviation = [0.26862954, 0.26130258, 0.27577711],
        Resize = ImageResize.ShortestSideThenCrop,
        Filter = ImageFilter.Bicubic,
    };

    /// <summary>ImageNet networks of torchvision: shorter side 256, bilinear, the centre cut out, mean and deviation of
    /// ImageNet.</summary>
    public static ImageInputOptions ImageNet { get; } = new()
    {
        Scale = 1.0 / 255,
        Mean = [0.485, 0.456, 0.406],
        StandardDeviation = [0.229, 0.224, 0.225],
        Resize = ImageResize.ShortestSideThenCrop,
        ShortestSide = 256,
    };

    /// <summary>Pixels as they are, from 0 to 255, stretched to the network's size, bilinear.</summary>
    public static ImageInputOptions Raw { get; } = new() { Resize = ImageResize.Stretch };
}
