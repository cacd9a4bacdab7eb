// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data;

public sealed partial class TextLoader
{
    /// <summary>Neighbouring columns of the file, counted from 0, both ends included.</summary>
    public sealed class Range
    {
        public int Min;

        public int? Max;

        /// <summary>The range goes on to the last column.</summary>
        public bool AutoEnd;

        /// <summary>The range is all the columns that no other range names.</summary>
        public bool AllOther;

        /// <summary>A range of a single column makes a vector too.</summary>
        public bool ForceVector;

        public Range()
        {
        }

        public Range(int index)
        {
            if (index < 0)
                throw Marked.Argument(nameof(index), "Must be non-negative");
            Min = index;
            Max = index;
        }

        public Range(int min, int? max)
        {
            if (min < 0)
                throw Marked.Argument(nameof(min), "Must be non-negative");
            if (max < min)
                throw Marked.Argument(nameof(max), "If specified, must be greater than or equal to min");
            Min = min;
            Max = max;
            AutoEnd = max is null;
        }
    }
}
