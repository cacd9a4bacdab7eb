// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;

namespace Microsoft.ML.Memory.Tests;

[TestClass]
public sealed class CheckTests
{
    [TestMethod]
    public void Messages_show_fractions_alike_in_every_culture()
    {
        CultureInfo culture = CultureInfo.CurrentCulture, other = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        other.NumberFormat.NumberDecimalSeparator = ",";
        other.NumberFormat.NegativeSign = "\u2212";
        try
        {
            CultureInfo.CurrentCulture = other;

            var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new RankVote(-0.5));

            Assert.AreEqual(
                "RankVote's offset must be finite and at least 0.1. Got -0.5. (Parameter 'offset')", error.Message);
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }
}
