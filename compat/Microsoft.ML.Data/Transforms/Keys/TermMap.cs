// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The values that get keys, in the order of their keys.</summary>
internal abstract class TermMap
{
    protected TermMap(PrimitiveDataViewType itemType)
    {
        ItemType = itemType;
    }

    public PrimitiveDataViewType ItemType { get; }

    public abstract int Count { get; }

    /// <summary>The type of the keys; without any value it still has room for one.</summary>
    public KeyDataViewType KeyType => new(typeof(uint), Math.Max(1, Count));

    public abstract Delegate MakeGetter(DataViewRow row, DataViewSchema.Column source);

    public abstract void AddKeyValues(DataViewSchema.Annotations.Builder builder, bool asText);

    public static TermMap Read(BinaryReader reader)
    {
        PrimitiveDataViewType itemType = TypeCodec.Read(reader);
        return Generic.Call<TermMap>(
            typeof(TermMap), nameof(ReadValues), [itemType.RawType], reader, itemType);
    }

    public abstract void Write(BinaryWriter writer);

    private static TermMap<TValue> ReadValues<TValue>(BinaryReader reader, PrimitiveDataViewType itemType)
    {
        var values = new TValue[ModelParts.ReadCount(reader, 0)];
        for (int i = 0; i < values.Length; i++)
            values[i] = ValueCodec.ReadItem<TValue>(reader);
        return new TermMap<TValue>(itemType, values);
    }
}
