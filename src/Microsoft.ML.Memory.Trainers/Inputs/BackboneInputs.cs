// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Chooses how a backbone's input is read.</summary>
internal static class BackboneInputs
{
    public static BackboneInput Of(Backbone backbone, FineTuneOptions options)
    {
        BackboneConfig config = backbone.Config;
        return config.IsImage
            ? new PixelInput(config.ChannelCount, config.ImageSize, config.ImageSize)
            : throw new NotSupportedException($"{options.GetType().Name} reads images. Got a backbone for texts.");
    }
}
