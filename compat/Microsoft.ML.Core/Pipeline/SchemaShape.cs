// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Collections;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>What is known of a schema before any data was seen: names and kinds, no sizes.</summary>
public sealed class SchemaShape : IReadOnlyList<SchemaShape.Column>
{
    private readonly Column[] _columns;

    public SchemaShape(IEnumerable<Column> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        _columns = [.. columns];
    }

    public int Count => _columns.Length;

    public Column this[int index] => _columns[index];

    public IEnumerator<Column> GetEnumerator() => ((IEnumerable<Column>)_columns).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The shape of the visible columns of a schema.</summary>
    internal static SchemaShape Create(DataViewSchema schema) =>
        new(schema.Where(column => !column.IsHidden).Select(column => Column.Create(column)));

    internal bool TryFindColumn(string name, out Column column)
    {
        int index = Array.FindIndex(_columns, candidate => candidate.Name == name);
        column = index < 0 ? default : _columns[index];
        return index >= 0;
    }

    /// <summary>This shape with some columns put in place of those of the same name, or added.</summary>
    internal SchemaShape With(params IEnumerable<Column> outputs)
    {
        Dictionary<string, Column> byName = _columns.ToDictionary(column => column.Name);
        List<string> order = [.. _columns.Select(column => column.Name)];
        foreach (Column output in outputs)
        {
            if (!byName.ContainsKey(output.Name))
                order.Add(output.Name);
            byName[output.Name] = output;
        }
        return new SchemaShape(order.Select(name => byName[name]));
    }

    /// <summary>The shape of one column.</summary>
    public struct Column
    {
        public readonly string Name;

        public readonly VectorKind Kind;

        public readonly DataViewType ItemType;

        public readonly bool IsKey;

        public readonly SchemaShape Annotations;

        internal Column(
            string name, VectorKind vecKind, DataViewType itemType, bool isKey, SchemaShape annotations = null)
        {
            ArgumentException.ThrowIfNullOrEmpty(name);
            ArgumentNullException.ThrowIfNull(itemType);
            Name = name;
            Kind = vecKind;
            ItemType = itemType;
            IsKey = isKey;
            Annotations = annotations ?? new SchemaShape([]);
        }

        public enum VectorKind
        {
            Scalar,
            Vector,
            VariableVector,
        }

        internal bool HasSlotNames =>
            Kind == VectorKind.Vector && Annotations.TryFindColumn(AnnotationKinds.SlotNames, out Column names)
            && names.Kind == VectorKind.Vector && names.ItemType is TextDataViewType;

        internal bool IsNormalized =>
            Annotations.TryFindColumn(AnnotationKinds.IsNormalized, out Column flag)
            && flag.Kind == VectorKind.Scalar && flag.ItemType is BooleanDataViewType;

        internal static Column Create(DataViewSchema.Column column)
        {
            VectorKind kind = column.Type is not VectorDataViewType vector ? VectorKind.Scalar
                : vector.IsKnownSize ? VectorKind.Vector : VectorKind.VariableVector;
            DataViewType item = PrimitiveTypes.ItemTypeOf(column.Type);
            bool isKey = item is KeyDataViewType;
            return new Column(column.Name, kind, isKey ? PrimitiveTypes.FromRawType(item.RawType) : item, isKey,
                SchemaShape.Create(column.Annotations.Schema));
        }

        internal string GetTypeString()
        {
            string item = IsKey ? $"Key<{ItemType}>" : ItemType.ToString();
            return Kind switch
            {
                VectorKind.Vector => $"Vector<{item}>",
                VectorKind.VariableVector => $"VarVector<{item}>",
                _ => item,
            };
        }
    }
}
