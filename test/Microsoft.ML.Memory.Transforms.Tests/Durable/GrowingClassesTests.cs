// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Microsoft.ML.Memory.Transforms.Tests;

[TestClass]
public sealed class GrowingClassesTests
{
    [TestMethod]
    public void New_classes_come_after_the_others_in_the_order_of_their_first_rows()
    {
        var classes = new GrowingClasses(ClassTable.Of(TextDataViewType.Instance, ["ant", "bee"]));
        var labels = new ChangeLabels(TextDataViewType.Instance, ["eel", "bee", "dog"], [2, 0, 1, 0]);

        int[] first = classes.ClassesOf(labels);
        int again = classes.ClassOf("eel");
        ClassTable settled = classes.Settle();
        int later = classes.ClassOf("cat");

        CollectionAssert.AreEqual(new[] { 3, 2, 1, 2 }, first);
        Assert.AreEqual((2, 4), (again, later));
        CollectionAssert.AreEqual(new object[] { "ant", "bee", "eel", "dog" }, settled.Values!.ToArray());
        Assert.AreEqual(5, classes.Settle().Count);
    }

    [TestMethod]
    public void Many_new_classes_are_not_compared_with_each_other()
    {
        var counter = new Counter();
        var classes = new GrowingClasses(ClassTable.Of(TextDataViewType.Instance, ["ant"]));

        for (int label = 0; label < 1000; label++)
            Assert.AreEqual(label + 1, classes.ClassOf(new Label(label, counter)));

        Assert.IsLessThan(1000, counter.Comparisons);
    }

    private sealed class Counter
    {
        public int Comparisons { get; set; }
    }

    private sealed class Label(int number, Counter counter)
    {
        public override bool Equals(object? obj)
        {
            counter.Comparisons++;
            return obj is Label other && other.Number == Number;
        }

        public override int GetHashCode() => Number;

        private int Number => number;
    }
}
