// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Transforms;

/// <summary>Names the contract that a factory of custom mappings answers to.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class CustomMappingFactoryAttributeAttribute : ExtensionBaseAttribute
{
    public CustomMappingFactoryAttributeAttribute(string contractName)
        : base(contractName)
    {
    }
}
