// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace System.Runtime.CompilerServices;

/// <summary>
/// Tells the runtime that this assembly may use the internals of another; the runtime knows it by name.
/// </summary>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
internal sealed class IgnoresAccessChecksToAttribute(string assemblyName) : Attribute
{
    /// <summary>Simple name of the assembly whose internals are used.</summary>
    public string AssemblyName { get; } = assemblyName;
}
