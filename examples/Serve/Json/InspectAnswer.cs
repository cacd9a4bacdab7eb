// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Text.Json.Serialization;

namespace MemoryServe;

/// <summary>What a memory is.</summary>
/// <param name="Version">The model that serves.</param>
/// <param name="Sequence">Grows with every change; 0 where there can be none.</param>
/// <param name="Kind">What kind of memory it is, in words.</param>
/// <param name="IsWritable">Whether it can be changed.</param>
/// <param name="EntryCount">Number of entries.</param>
/// <param name="Dimension">Length of a vector.</param>
/// <param name="Metric">How far apart two vectors are.</param>
/// <param name="Classes">Every class and its number of entries.</param>
/// <param name="Input">How a picture can be asked about: as pixels, as image, or not at all (row).</param>
/// <param name="InputColumn">The column that takes it; null for a row.</param>
/// <param name="Picture">How a vector is read as pixels; null where it is none.</param>
/// <param name="ExampleColumns">Names of the columns that an example has beside those of a prediction.</param>
internal sealed record InspectAnswer(
    string Version,
    long Sequence,
    string Kind,
    bool IsWritable,
    int EntryCount,
    int Dimension,
    string Metric,
    IReadOnlyList<ClassCount> Classes,
    string Input,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? InputColumn,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] PictureShape? Picture,
    ExampleColumnNames ExampleColumns);
