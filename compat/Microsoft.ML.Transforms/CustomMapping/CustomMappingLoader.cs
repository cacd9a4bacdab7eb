// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(
    typeof(ITransformer),
    typeof(CustomMappingLoader),
    null,
    typeof(SignatureLoadModel),
    "Custom mapping transformer",
    CustomMappingLoader.LoaderSignature)]

namespace Microsoft.ML.Transforms;

/// <summary>Loads custom mappings by the contract name that was saved.</summary>
internal static class CustomMappingLoader
{
    public const string LoaderSignature = "CustTransformer";

    public static VersionInfo Version { get; } = new(
        "CUSTXFRM", 0x00010001, 0x00010001, 0x00010001, typeof(CustomMappingLoader).Assembly.FullName, LoaderSignature);

    private static ITransformer Create(IHostEnvironment environment, ModelLoadContext ctx)
    {
        ModelParts.Checked(environment, ctx, Version);
        string contractName = ctx.LoadString();
        Register(environment, ctx.LoadString());
        object factory = environment.ComponentCatalog.GetExtensionValue(
            environment, typeof(CustomMappingFactoryAttributeAttribute), contractName);
        return factory is ICustomMappingFactory mapping
            ? mapping.CreateTransformer(environment, contractName)
            : throw Marked.Format($"The class of the contract '{contractName}' must be a CustomMappingFactory");
    }

    // The assembly that the function came from may be absent: another one may hold the contract.
    private static void Register(IHostEnvironment environment, string assemblyName)
    {
        try
        {
            environment.ComponentCatalog.RegisterAssembly(Assembly.Load(assemblyName), throwOnError: false);
        }
        catch (FileNotFoundException)
        {
            return;
        }
    }
}
