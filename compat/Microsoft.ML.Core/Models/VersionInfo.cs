// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML;

/// <summary>What a component writes about itself at the head of its part of a model file.</summary>
internal readonly struct VersionInfo
{
    public readonly string ModelSignature;
    public readonly uint VerWrittenCur;
    public readonly uint VerReadableCur;
    public readonly uint VerWeCanReadBack;
    public readonly string LoaderAssemblyName;
    public readonly string LoaderSignature;
    public readonly string LoaderSignatureAlt;

    public VersionInfo(
        string modelSignature,
        uint verWrittenCur,
        uint verReadableCur,
        uint verWeCanReadBack,
        string loaderAssemblyName,
        string loaderSignature = null,
        string loaderSignatureAlt = null)
    {
        if (modelSignature?.Length != ModelHeader.SignatureLength)
            throw new ArgumentOutOfRangeException(nameof(modelSignature), "Must be 8 characters long.");
        if (loaderSignature?.Length > ModelHeader.LoaderSignatureLength)
            throw new ArgumentOutOfRangeException(nameof(loaderSignature), "Must be at most 24 characters long.");
        if (verReadableCur > verWrittenCur || verWeCanReadBack > verWrittenCur)
            throw new ArgumentOutOfRangeException(nameof(verWrittenCur), "Must be the newest of the versions.");
        ModelSignature = modelSignature;
        VerWrittenCur = verWrittenCur;
        VerReadableCur = verReadableCur;
        VerWeCanReadBack = verWeCanReadBack;
        LoaderAssemblyName = loaderAssemblyName;
        LoaderSignature = loaderSignature;
        LoaderSignatureAlt = loaderSignatureAlt;
    }
}
