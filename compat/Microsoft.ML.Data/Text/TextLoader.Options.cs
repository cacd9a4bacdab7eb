// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data;

public sealed partial class TextLoader
{
    /// <summary>How a text file is read.</summary>
    public class Options
    {
        /// <summary>A quoted field may hold separators.</summary>
        public bool AllowQuoting;

        /// <summary>A line may end with a length and pairs "index:value".</summary>
        public bool AllowSparse;

        /// <summary>Null or empty: Label is the first column, Features are the others.</summary>
        public Column[] Columns;

        public char DecimalMarker = '.';

        /// <summary>What stands before a quote inside of a quoted field.</summary>
        public char EscapeChar = '"';

        public bool HasHeader;

        /// <summary>The number of columns of the file; null: found in the data where it is needed.</summary>
        public int? InputSize;

        public long? MaxRows;

        /// <summary>An empty field of a real column is NaN, not 0.</summary>
        public bool MissingRealsAsNaNs;

        /// <summary>A quoted field may hold line ends.</summary>
        public bool ReadMultilines;

        public char[] Separators = ['\t'];

        /// <summary>White space at the end of a line is dropped.</summary>
        public bool TrimWhitespace;

        /// <summary>Kept for its name: the stand-in reads with the thread of the caller.</summary>
        public bool UseThreads = true;

        public Options()
        {
        }

        internal Options(Options other)
        {
            AllowQuoting = other.AllowQuoting;
            AllowSparse = other.AllowSparse;
            Columns = other.Columns;
            DecimalMarker = other.DecimalMarker;
            EscapeChar = other.EscapeChar;
            HasHeader = other.HasHeader;
            InputSize = other.InputSize;
            MaxRows = other.MaxRows;
            MissingRealsAsNaNs = other.MissingRealsAsNaNs;
            ReadMultilines = other.ReadMultilines;
            Separators = other.Separators;
            TrimWhitespace = other.TrimWhitespace;
            UseThreads = other.UseThreads;
        }

        internal Options Check()
        {
            if (Separators is not { Length: > 0 })
                throw Marked.Argument(nameof(Separators), "Separators must hold at least one character");
            if (DecimalMarker is not ('.' or ','))
                throw Marked.Argument(
                    nameof(DecimalMarker), $"DecimalMarker must be '.' or ','. Got '{DecimalMarker}'");
            if (Separators.Contains(DecimalMarker))
                throw Marked.Argument(
                    nameof(DecimalMarker), "Decimal marker and separator cannot be the same character");
            if (MaxRows < 0)
                throw Marked.Argument(nameof(MaxRows), "Must be non-negative");
            if (InputSize < 0)
                throw Marked.Argument(nameof(InputSize), "Must be non-negative");
            return this;
        }
    }
}
