// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data;

/// <summary>The values that get keys, in the order of their keys.</summary>
internal sealed class TermMap<TValue> : TermMap
{
    private readonly TValue[] _values;
    private readonly Dictionary<TValue, uint> _keys;
    private readonly TermRules<TValue> _rules;

    public TermMap(PrimitiveDataViewType itemType, TValue[] values)
        : base(itemType)
    {
        _values = values;
        _rules = new TermRules<TValue>(itemType);
        _keys = new Dictionary<TValue, uint>(values.Length, _rules);
        foreach (TValue value in values)
        {
            if (_rules.IsMissing(in value) || !_keys.TryAdd(value, (uint)_keys.Count + 1))
                throw Marked.Format("The values of the keys must be present and distinct");
        }
    }

    public override int Count => _values.Length;

    public override Delegate MakeGetter(DataViewRow row, DataViewSchema.Column source) =>
        VectorMap.MakeGetter<TValue, uint>(row, source, Find);

    public override void AddKeyValues(DataViewSchema.Annotations.Builder builder, bool asText)
    {
        if (Count == 0)
            return;
        if (asText && ItemType is not TextDataViewType)
        {
            ReadOnlyMemory<char>[] texts = Array.ConvertAll(_values, TextFormat.For<TValue>(ItemType));
            Add(builder, TextDataViewType.Instance, texts);
            return;
        }

        Add(builder, ItemType, _values);
    }

    public override void Write(BinaryWriter writer)
    {
        TypeCodec.Write(writer, ItemType);
        writer.Write(_values.Length);
        foreach (TValue value in _values)
            ValueCodec.WriteItem(writer, value);
    }

    private static void Add<TItem>(
        DataViewSchema.Annotations.Builder builder, PrimitiveDataViewType itemType, TItem[] values)
    {
        builder.Add<VBuffer<TItem>>(
            AnnotationKinds.KeyValues,
            new VectorDataViewType(itemType, values.Length),
            (ref value) => VBuffer<TItem>.Copy(values, 0, ref value, values.Length));
    }

    private uint Find(in TValue value) =>
        !_rules.IsMissing(in value) && _keys.TryGetValue(value, out uint key) ? key : 0;
}
