// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Host.Behaviour.Tests.Harness;

/// <summary>Removes what the cases wrote.</summary>
[TestClass]
public sealed class RunFolder
{
    /// <summary>Runs after the last case.</summary>
    [AssemblyCleanup]
    public static void Delete() => TempFolder.Delete();
}
