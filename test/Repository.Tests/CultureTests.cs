// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;

namespace Microsoft.ML.Memory.Repository;

/// <summary>Messages are English sentences for logs: numbers in them read alike wherever the program runs.</summary>
[TestClass]
public sealed class CultureTests
{
    [TestMethod]
    [DataRow("Microsoft.ML.Memory")]
    [DataRow("Microsoft.ML.Memory.Transforms")]
    [DataRow("Microsoft.ML.Memory.Trainers")]
    public void Texts_hold_no_fraction_in_the_culture_of_the_thread(string assembly) =>
        Tree.AssertNone(
            CultureBoundTexts.In(assembly),
            "A float or double in a text must be given by Check.Shown, or formatted by the invariant culture.");

    [TestMethod]
    public void Fractions_in_the_culture_of_the_thread_are_found()
    {
        string[] found = [.. CultureBoundTexts.In(typeof(CultureTests).Assembly.GetName().Name!)];

        string[] expected = ["Hole", "OptionalHole", "List", "Text"];
        CollectionAssert.AreEqual(expected.Select(name => $"Bound.{name}").ToArray(), found);
    }

    private static class Bound
    {
        public static string Hole(int count, float value) => $"{count} {value}";

        public static string OptionalHole(double? value) => $"{value:F2}";

        public static string List(double[] values) => string.Join(", ", values);

        public static string Text(double value) => value.ToString("F2");
    }

    private static class Free
    {
        public static string Hole(double value) => string.Create(CultureInfo.InvariantCulture, $"{value}");

        public static string Whole(int value) => $"{value} {value}";

        public static string Text(double value) => $"{value.ToString("F2", CultureInfo.InvariantCulture)}";
    }
}
