// Licensed under the MIT License. See LICENSE in the project root for license information.

// Signatures of the host's internals that saving and loading need: the compiler sees these, the runtime the host's own.
namespace Microsoft.ML;

public delegate void SignatureLoadModel(ModelLoadContext ctx);

[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
public sealed class LoadableClassAttribute : Attribute
{
    public LoadableClassAttribute(
        Type instType, Type loaderType, Type argType, Type sigType, string userName, params string[] loadNames)
        => throw null;
}

public readonly struct VersionInfo
{
    public VersionInfo(
        string modelSignature,
        uint verWrittenCur,
        uint verReadableCur,
        uint verWeCanReadBack,
        string loaderAssemblyName,
        string loaderSignature = null,
        string loaderSignatureAlt = null)
        => throw null;
}

public sealed class ModelSaveContext
{
    public void CheckAtModel() => throw null;

    public void SetVersionInfo(VersionInfo ver) => throw null;

    public void SaveBinaryStream(string name, Action<BinaryWriter> action) => throw null;
}

public sealed class ModelLoadContext
{
    public void CheckAtModel(VersionInfo ver) => throw null;

    public bool TryLoadBinaryStream(string name, Action<BinaryReader> action) => throw null;
}
