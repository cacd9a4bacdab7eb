// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Microsoft.ML.Memory;

/// <summary>The classes that entries are stored under, and those that they vote for.</summary>
internal sealed class ClassLevels
{
    private readonly int[] _ancestors;

    /// <param name="leaves">Classes of the entries.</param>
    /// <param name="map">Which class each votes for; null: for itself.</param>
    public ClassLevels(ClassTable leaves, ClassMap? map)
    {
        Leaves = leaves;
        Voted = leaves;
        _ancestors = [];
        if (map is null) return;

        var names = new List<object>();
        var known = new Dictionary<string, int>(StringComparer.Ordinal);
        _ancestors = new int[leaves.Count];
        for (int leaf = 0; leaf < leaves.Count; leaf++)
        {
            string name = leaves.NameOf(leaf);
            string ancestor = map.Ancestors.GetValueOrDefault(name, name);
            if (known.TryAdd(ancestor, names.Count)) names.Add(ancestor);
            _ancestors[leaf] = known[ancestor];
        }

        Voted = ClassTable.Of(TextDataViewType.Instance, [.. names]);
    }

    /// <summary>Classes of the entries.</summary>
    public ClassTable Leaves { get; }

    /// <summary>Classes that are predicted: those of the entries where there is no map.</summary>
    public ClassTable Voted { get; }

    /// <summary>The class that each stored class votes for; empty where it is the same.</summary>
    public int[] Ancestors => _ancestors;

    /// <summary>Gives the class that a stored class votes for; a class that is not stored stays outside.</summary>
    public int VotedOf(int leaf)
        => _ancestors.Length == 0 ? leaf : leaf < _ancestors.Length ? _ancestors[leaf] : Voted.Count;

    /// <summary>
    /// Gives the share of the entries that vote for each class; equal shares where there is no entry.
    /// </summary>
    /// <param name="memory">The memory.</param>
    /// <param name="without">Stored class of an entry that counts as not there; null counts all.</param>
    public double[] Prior(BankSnapshot memory, int? without = null)
    {
        bool isEmpty = memory.Count == (without is null ? 0 : 1);
        if (_ancestors.Length == 0 || isEmpty) return ClassPrior.Of(memory, Voted.Count, without);
        double[] leaves = ClassPrior.Of(memory, Leaves.Count, without);
        double[] prior = new double[Voted.Count];
        for (int leaf = 0; leaf < leaves.Length; leaf++) prior[_ancestors[leaf]] += leaves[leaf];
        return prior;
    }
}
