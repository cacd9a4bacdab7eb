// Licensed under the MIT License. See LICENSE in the project root for license information.

using System;

namespace Microsoft.ML.OnnxRuntime;

/// <summary>What a model file says of itself.</summary>
public class ModelMetadata
{
    internal ModelMetadata(IntPtr session)
    {
        IntPtr metadata = NativeMethods.ModelMetadataOf(session);
        try
        {
            ProducerName = NativeMethods.MetadataText(112, metadata);
            GraphName = NativeMethods.MetadataText(113, metadata);
            Domain = NativeMethods.MetadataText(114, metadata);
            Description = NativeMethods.MetadataText(115, metadata);
            Version = NativeMethods.MetadataVersion(metadata);
        }
        finally
        {
            NativeMethods.Release(NativeMethods.ReleaseModelMetadata, metadata);
        }
    }

    public string ProducerName { get; }

    public string GraphName { get; }

    public string Domain { get; }

    public string Description { get; }

    public long Version { get; }
}
