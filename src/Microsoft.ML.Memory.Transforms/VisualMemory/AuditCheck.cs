// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>One thing that an audit checked.</summary>
/// <param name="Name">What was checked.</param>
/// <param name="Passed">Whether everything was as it has to be.</param>
/// <param name="Compared">How many things were compared, in the unit that <paramref name="Name"/> says.</param>
/// <param name="Finding">The first thing that was not; empty where all was.</param>
public readonly record struct AuditCheck(string Name, bool Passed, long Compared, string Finding);
