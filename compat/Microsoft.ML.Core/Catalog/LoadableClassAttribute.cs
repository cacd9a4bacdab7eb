// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML;

/// <summary>Names, for a whole assembly, a class that can be made from a signature found in a model file.</summary>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
internal sealed class LoadableClassAttribute : Attribute
{
    public LoadableClassAttribute(
        Type instType, Type loaderType, Type argType, Type sigType, string userName, params string[] loadNames)
    {
        InstanceType = instType;
        LoaderType = loaderType;
        ArgType = argType;
        SignatureType = sigType;
        UserName = userName;
        LoadNames = loadNames;
    }

    public LoadableClassAttribute(
        Type instType, Type argType, Type sigType, string userName, params string[] loadNames)
        : this(instType, instType, argType, sigType, userName, loadNames)
    {
    }

    public Type InstanceType { get; }

    public Type LoaderType { get; }

    public Type ArgType { get; }

    public Type SignatureType { get; }

    public string UserName { get; }

    public string[] LoadNames { get; }
}

/// <summary>The signature of what is made from a model file: its arguments, after the environment.</summary>
internal delegate void SignatureLoadModel(ModelLoadContext ctx);
