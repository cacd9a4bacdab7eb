// Licensed under the MIT License. See LICENSE in the project root for license information.

using Host.Behaviour.Tests.Fixtures.Centroids;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Host.Behaviour.Tests.Fixtures;

/// <summary>A trained pipeline that answers class names.</summary>
public abstract class PredictionFixture : CaseFunctions
{
    protected readonly IDataView d;
    protected readonly ITransformer model;

    protected PredictionFixture()
    {
        d = V(ml, Pts());
        model = new CentroidPipe(ml, withNames: true).Fit(d);
    }
}

/// <summary>Thirty labelled points in ten groups.</summary>
public abstract class CrossValidateFixture : EvaluateFixture
{
    protected readonly IDataView d;

    protected CrossValidateFixture() => d = V(ml, Pts());

    protected static IEstimator<ITransformer> Pipe(MLContext ml) => new CentroidPipe(ml);

    protected static string Text(object value) => Harness.Serializer.Write(value).ToJsonString();
}

/// <summary>A trained pipeline and what it scored.</summary>
public abstract class PfiFixture : CaseFunctions
{
    protected readonly IDataView d;
    protected readonly IDataView scored;
    protected readonly TransformerChain<ITransformer> model;
    internal readonly CentroidTransformer last;

    protected PfiFixture()
    {
        d = V(ml, Pts());
        model = new CentroidPipe(ml).Fit(d);
        scored = model.Transform(d);
        last = (CentroidTransformer)model.LastTransformer;
    }

    protected static IEstimator<ITransformer> Pipe(MLContext ml) => new CentroidPipe(ml);

    protected static IEstimator<ITransformer> Flat(MLContext ml) => new CentroidPipe(ml, withNames: true);
}
