// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>The classes of a memory while changes add to them.</summary>
internal sealed class GrowingClasses(ClassTable known)
{
    private ClassTable _known = known;
    private readonly List<object> _added = [];
    private readonly Dictionary<object, int> _addedClasses = [];

    /// <summary>Gives the class of a label; a new one comes after the others.</summary>
    public int ClassOf(object value)
    {
        if (_known.ValueType is null)
        {
            if ((int)value >= _known.Count) _known = ClassTable.Numbered((int)value + 1);
            return (int)value;
        }

        if (_known.TryFind(value, out int index)) return index;
        if (_addedClasses.TryGetValue(value, out index)) return index;
        index = _known.Count + _added.Count;
        _added.Add(value);
        _addedClasses.Add(value, index);
        return index;
    }

    /// <summary>Gives the class of each row.</summary>
    public int[] ClassesOf(ChangeLabels labels)
    {
        int[] classes = Array.ConvertAll(labels.Values, ClassOf);
        return Array.ConvertAll(labels.Rows, row => classes[row]);
    }

    /// <summary>Gives all classes.</summary>
    public ClassTable Settle()
    {
        if (_added.Count > 0) _known = ClassTable.Of(_known.ValueType!, [.. _known.Values!, .. _added]);
        _added.Clear();
        _addedClasses.Clear();
        return _known;
    }
}
