// Licensed under the MIT License. See LICENSE in the project root for license information.

using Host.Behaviour.Tests.Rows;
using Microsoft.ML;

namespace Host.Behaviour.Tests.Fixtures;

/// <summary>One view for each type of value that becomes a key.</summary>
public abstract class KeysFixture : CaseFunctions
{
    protected readonly TransformsCatalog.ConversionTransforms cv;
    protected readonly IDataView s;
    protected readonly IDataView miss;
    protected readonly IDataView i;
    protected readonly IDataView f;
    protected readonly IDataView b;
    protected readonly IDataView k;
    protected readonly IDataView sv;

    protected KeysFixture()
    {
        cv = ml.Transforms.Conversion;
        s = S(ml, "b", "a", "c", "a", "b");
        miss = S(ml, "x", null, "", " ", "x", "y");
        i = V(ml, new I1 { A = 7 }, new I1 { A = -1 }, new I1 { A = 0 }, new I1 { A = 7 });
        f = F(ml, 2.5f, float.NaN, -0f, 0, 2.5f, float.PositiveInfinity);
        b = V(ml, new B1 { A = true }, new B1 { A = false }, new B1 { A = true });
        k = V(ml, new K1 { A = 2 }, new K1 { A = 0 }, new K1 { A = 3 }, new K1 { A = 9 });
        sv = V(ml, new SV { A = ["p", "q"] }, new SV { A = ["q", ""] }, new SV { A = ["r", "p"] });
    }

    protected IDataView m => cv.MapValueToKey("K", "A").Fit(s).Transform(s);
}

/// <summary>A view of mixed types and one of two numbers.</summary>
public abstract class ColumnsFixture : CaseFunctions
{
    protected readonly TransformsCatalog.ConversionTransforms cv;
    protected readonly IDataView mix;
    protected readonly IDataView xy;

    protected ColumnsFixture()
    {
        cv = ml.Transforms.Conversion;
        mix = V(ml,
            new Mix { X = 1, W = [2, 3], D = 4, T = "5" },
            new Mix { X = 0, W = [0, float.NaN], D = -1, T = "x" });
        xy = V(ml, new XY { X = 1, Y = 2 }, new XY { X = 3, Y = 4 });
    }
}

/// <summary>Three rows of a vector and a number, without and with missing values.</summary>
public abstract class NormalizeFixture : CaseFunctions
{
    protected readonly IDataView t;
    protected readonly IDataView n;

    protected NormalizeFixture()
    {
        t = V(ml, new N2 { W = [1, 5], X = 2 }, new N2 { W = [3, 5], X = 4 }, new N2 { W = [-2, 5], X = 9 });
        n = V(ml,
            new N2 { W = [1, 0], X = float.NaN },
            new N2 { W = [3, 4], X = 1 },
            new N2 { W = [float.NaN, 0], X = 3 });
    }
}
