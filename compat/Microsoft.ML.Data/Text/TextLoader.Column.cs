// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data;

public sealed partial class TextLoader
{
    /// <summary>A column of the view, and the columns of the file that it is read from.</summary>
    public sealed class Column
    {
        public string Name;

        public Range[] Source;

        public KeyCount KeyCount;

        public Column()
        {
            DataKind = DataKind.Single;
        }

        public Column(string name, DataKind dataKind, int index)
            : this(name, dataKind, [new Range(index)])
        {
        }

        public Column(string name, DataKind dataKind, int minIndex, int maxIndex)
            : this(name, dataKind, [new Range(minIndex, maxIndex)])
        {
        }

        public Column(string name, DataKind dataKind, Range[] source, KeyCount keyCount = null)
        {
            Name = Marked.NotEmpty(name, nameof(name));
            DataKind = dataKind;
            Source = Marked.NotNull(source, nameof(source));
            KeyCount = keyCount;
        }

        public DataKind DataKind { get; set; }
    }
}
