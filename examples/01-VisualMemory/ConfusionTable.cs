// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;


namespace VisualMemoryExample;

/// <summary>Prints a confusion matrix in one line a class, with the share of each class that was recognised.</summary>
internal static class ConfusionTable
{
    private const int Width = 6;

    public static void Print(ConfusionMatrix matrix, IReadOnlyList<string> classNames)
    {
        int nameWidth = classNames.Max(name => name.Length);
        IEnumerable<string> shortNames = classNames.Select(name => name[..Math.Min(name.Length, Width - 1)]);
        string columns = string.Concat(shortNames.Select(name => name.PadLeft(Width)));
        Console.WriteLine($"   {"",-2}{"".PadRight(nameWidth)}{columns}{"right",9}");
        for (int truth = 0; truth < matrix.NumberOfClasses; truth++)
        {
            string counts = string.Concat(matrix.Counts[truth].Select(count => $"{count,Width:F0}"));
            string name = classNames[truth].PadRight(nameWidth);
            Console.WriteLine($"   {name}  {counts}{matrix.PerClassRecall[truth],9:P1}");
        }
    }
}
