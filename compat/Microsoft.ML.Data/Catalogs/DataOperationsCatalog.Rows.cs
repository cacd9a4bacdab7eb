// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

public sealed partial class DataOperationsCatalog
{
    public IDataView Cache(IDataView input, params string[] columnsToPrefetch)
    {
        _environment.CheckValue(input, nameof(input));
        DataViewSchema.Column[] prefetch = [.. (columnsToPrefetch ?? []).Select(name =>
            input.Schema.GetColumnOrNull(name)
            ?? throw _environment.ExceptMissingColumn("prefetch", name, nameof(columnsToPrefetch)))];
        int unhandled = Array.FindIndex(prefetch, column => !StandardColumns.IsStandard(column.Type));
        if (unhandled >= 0)
            throw _environment.Except($"Asked to prefetch column '{prefetch[unhandled].Name}' into cache, but it is " +
                $"of unhandled type '{prefetch[unhandled].Type}'");
        return CacheView.Create(_environment, input, prefetch);
    }

    public IDataView ShuffleRows(
        IDataView input, int? seed = null, int shufflePoolSize = 1000, bool shuffleSource = true)
    {
        _environment.CheckValue(input, nameof(input));
        if (shufflePoolSize < 1)
            throw _environment.ExceptParam(nameof(shufflePoolSize), "Must be positive");
        return new ShuffleView(_environment, StandardColumns.Of(input), seed, shufflePoolSize, shuffleSource);
    }

    public IDataView TakeRows(IDataView input, long count)
    {
        _environment.CheckValue(input, nameof(input));
        if (count <= 0)
            throw _environment.ExceptParam(nameof(count), "Must be greater than zero.");
        return new SkipTakeView(_environment, input, skip: 0, take: count);
    }

    public IDataView SkipRows(IDataView input, long count)
    {
        _environment.CheckValue(input, nameof(input));
        if (count < 0)
            throw _environment.ExceptParam(nameof(count), "Must be greater than zero.");
        return new SkipTakeView(_environment, input, skip: count, take: long.MaxValue);
    }

    public IDataView FilterRowsByColumn(
        IDataView input,
        string columnName,
        double lowerBound = double.NegativeInfinity,
        double upperBound = double.PositiveInfinity)
    {
        _environment.CheckValue(input, nameof(input));
        DataViewSchema.Column column = input.Schema[columnName];
        if (column.Type is not (NumberDataViewType or KeyDataViewType))
            throw _environment.ExceptSchemaMismatch(
                nameof(columnName), "filter", columnName, "number", column.Type.ToString());
        CheckBounds(lowerBound, upperBound);
        return new RangeFilterView(_environment, input, column, lowerBound, upperBound);
    }

    public IDataView FilterRowsByKeyColumnFraction(
        IDataView input, string columnName, double lowerBound = 0, double upperBound = 1)
    {
        _environment.CheckValue(input, nameof(input));
        DataViewSchema.Column column = input.Schema[columnName];
        if (column.Type is not KeyDataViewType)
            throw _environment.ExceptSchemaMismatch(
                nameof(columnName), "filter", columnName, "a known cardinality key", column.Type.ToString());
        if (lowerBound < 0 || lowerBound > 1)
            throw _environment.ExceptParam(nameof(lowerBound), "Must be in [0, 1]");
        CheckBounds(lowerBound, upperBound);
        return new RangeFilterView(_environment, input, column, lowerBound, upperBound);
    }

    public IDataView FilterRowsByMissingValues(IDataView input, params string[] columns)
    {
        _environment.CheckValue(input, nameof(input));
        if (columns is null || columns.Length == 0)
            throw _environment.ExceptParam(nameof(columns), "Must name at least one column");
        DataViewSchema.Column[] filtered = Array.ConvertAll(columns, name => input.Schema[name]);
        int unhandled = Array.FindIndex(filtered, column => !StandardColumns.IsStandard(column.Type));
        if (unhandled >= 0)
            throw _environment.ExceptParam("Columns", $"Column '{filtered[unhandled].Name}' has type " +
                $"{filtered[unhandled].Type} which does not support missing values, so we cannot filter on them");
        return new MissingValueFilterView(_environment, input, filtered);
    }

    private void CheckBounds(double lowerBound, double upperBound)
    {
        if (!(lowerBound < upperBound))
            throw _environment.ExceptParam(nameof(upperBound), "Must be less than lowerBound");
    }
}
