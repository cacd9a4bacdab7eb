// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Transforms.Tests.Classifiers;

[TestClass]
public sealed class FeatureRowsTests
{
    [TestMethod]
    public void More_rows_than_an_array_holds_are_refused()
    {
        int most = Array.MaxLength / 768;

        Assert.AreEqual(most * 768, FeatureRows.LengthOf(most, 768));
        Assert.AreEqual(
            $"The data must have at most {most} rows of 768 values to be read at once. Got {most + 1} or more. Give "
            + "some of them, and others later where that can be.",
            Assert.ThrowsExactly<InvalidOperationException>(() => FeatureRows.LengthOf(most + 1, 768)).Message);
    }
}
