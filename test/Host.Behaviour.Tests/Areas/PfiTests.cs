// Licensed under the MIT License. See LICENSE in the project root for license information.

using Host.Behaviour.Tests.Generated;
using Host.Behaviour.Tests.Harness;

namespace Host.Behaviour.Tests.Areas;

/// <summary>The recorded cases of Cases/pfi.json.</summary>
[TestClass]
public sealed class PfiTests
{
    public static IEnumerable<object[]> Cases => CaseFile.Ids("pfi");

    [TestMethod]
    [DynamicData(nameof(Cases), DynamicDataDisplayName = nameof(CaseFile.Name),
        DynamicDataDisplayNameDeclaringType = typeof(CaseFile))]
    public void Host_behaves_as_recorded(string area, string id) => CaseRunner.Check<PfiCases>(area, id);
}
