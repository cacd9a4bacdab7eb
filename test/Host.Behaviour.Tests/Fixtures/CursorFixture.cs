// Licensed under the MIT License. See LICENSE in the project root for license information.

using Host.Behaviour.Tests.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Host.Behaviour.Tests.Fixtures;

/// <summary>The same two rows of X and Y behind ten kinds of view.</summary>
public abstract class CursorFixture : CaseFunctions
{
    protected readonly IDataView en;

    protected CursorFixture() => en = V(ml, new XY { X = 1, Y = 2 }, new XY { X = 3, Y = 4 });

    protected IDataView View(string kind) => kind switch
    {
        "enumerable" => en,
        "text" => ml.Data.LoadFromTextFile(File(Guid.NewGuid().ToString("n") + ".txt", "1\t2\n3\t4\n"),
            [Col("X", DataKind.Single, 0), Col("Y", DataKind.Single, 1)]),
        "cache" => ml.Data.Cache(en),
        "concat" => ml.Transforms.Concatenate("O", "X", "Y").Fit(en).Transform(en),
        "normalize" => ml.Transforms.NormalizeMinMax("O", "X").Fit(en).Transform(en),
        "filter" => ml.Data.FilterRowsByColumn(en, "X", 0, 10),
        "take" => ml.Data.TakeRows(en, 5),
        "shuffle" => ml.Data.ShuffleRows(en, 1),
        "custom" => ml.Transforms.CustomMapping<XY, SumOut>((a, o) => o.Sum = a.X + a.Y, null).Fit(en).Transform(en),
        "select" => ml.Transforms.SelectColumns("X", "Y").Fit(en).Transform(en),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such kind of view."),
    };
}
