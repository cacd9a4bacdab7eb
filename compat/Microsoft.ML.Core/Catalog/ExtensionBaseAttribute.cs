// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML;

/// <summary>Marks a class that a model file refers to by a contract name.</summary>
public abstract class ExtensionBaseAttribute : Attribute
{
    private protected ExtensionBaseAttribute(string contractName) => ContractName = contractName;

    public string ContractName { get; }
}
