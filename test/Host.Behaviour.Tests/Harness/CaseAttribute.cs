// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Host.Behaviour.Tests.Harness;

/// <summary>Names the recorded case that a method runs.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class CaseAttribute(string id) : Attribute
{
    public string Id { get; } = id;
}
