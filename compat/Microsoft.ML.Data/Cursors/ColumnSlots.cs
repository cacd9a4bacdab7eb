// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data;

/// <summary>Copies of the values of one column for some rows.</summary>
internal abstract class ColumnSlots
{
    public static ColumnSlots Create(DataViewType type, int count)
    {
        Type slots = type is VectorDataViewType vector
            ? typeof(VectorSlots<>).MakeGenericType(vector.ItemType.RawType)
            : typeof(ScalarSlots<>).MakeGenericType(type.RawType);
        return (ColumnSlots)Activator.CreateInstance(slots, count);
    }

    /// <summary>Takes the getter of the column from the row that values are copied from.</summary>
    public abstract void Bind(DataViewRow row, DataViewSchema.Column column);

    /// <summary>Copies the current value into a slot.</summary>
    public abstract void Fill(int slot);

    /// <summary>A getter of the slot that the function gives at the time of the call.</summary>
    public abstract Delegate CreateGetter(Func<int> slot);

    private abstract class Slots<T> : ColumnSlots
    {
        protected Slots(int count) => Values = new T[count];

        protected T[] Values { get; }

        protected ValueGetter<T> Getter { get; private set; }

        public override void Bind(DataViewRow row, DataViewSchema.Column column) => Getter = row.GetGetter<T>(column);

        public override void Fill(int slot) => Getter(ref Values[slot]);
    }

    private sealed class ScalarSlots<T>(int count) : Slots<T>(count)
    {
        public override Delegate CreateGetter(Func<int> slot) =>
            (ValueGetter<T>)((ref T value) => value = Values[slot()]);
    }

    private sealed class VectorSlots<T>(int count) : Slots<VBuffer<T>>(count)
    {
        public override Delegate CreateGetter(Func<int> slot) =>
            (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) => Values[slot()].CopyTo(ref value));
    }
}
