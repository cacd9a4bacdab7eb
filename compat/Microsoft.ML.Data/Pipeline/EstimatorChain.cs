// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Estimators fitted one after the other, each on what those before it make of the data.</summary>
public sealed class EstimatorChain<TLastTransformer> : IEstimator<TransformerChain<TLastTransformer>>
    where TLastTransformer : class, ITransformer
{
    private readonly IEstimator<ITransformer>[] _estimators;
    private readonly TransformerScope[] _scopes;
    private readonly bool[] _cacheAfter;
    private readonly IHostEnvironment _environment;

    public EstimatorChain()
        : this(null, [], [], [])
    {
    }

    internal EstimatorChain(
        IHostEnvironment environment,
        IEstimator<ITransformer>[] estimators,
        TransformerScope[] scopes,
        bool[] cacheAfter)
    {
        _environment = environment;
        _estimators = estimators;
        _scopes = scopes;
        _cacheAfter = cacheAfter;
    }

    public EstimatorChain<TNewTrans> Append<TNewTrans>(
        IEstimator<TNewTrans> estimator, TransformerScope scope = TransformerScope.Everything)
        where TNewTrans : class, ITransformer
    {
        HostErrors.CheckValue(_environment, estimator, nameof(estimator));
        return new EstimatorChain<TNewTrans>(_environment,
            [.. _estimators, (IEstimator<ITransformer>)estimator], [.. _scopes, scope], [.. _cacheAfter, false]);
    }

    public EstimatorChain<TLastTransformer> AppendCacheCheckpoint(IHostEnvironment env)
    {
        HostErrors.CheckValue(null, env, nameof(env));
        if (_estimators.Length == 0 || _cacheAfter[^1])
            return this;
        return new EstimatorChain<TLastTransformer>(env, _estimators, _scopes, [.. _cacheAfter[..^1], true]);
    }

    public TransformerChain<TLastTransformer> Fit(IDataView input)
    {
        HostErrors.CheckValue(null, input, nameof(input));
        // Finds a missing column before any work is done.
        GetOutputSchema(SchemaShape.Create(input.Schema));

        IDataView view = input;
        ITransformer[] transformers = new ITransformer[_estimators.Length];
        for (int i = 0; i < _estimators.Length; i++)
        {
            transformers[i] = _estimators[i].Fit(view);
            if (i == _estimators.Length - 1)
                break;
            view = transformers[i].Transform(view);
            if (_cacheAfter[i])
                view = CacheView.Create(_environment, view, []);
        }
        return new TransformerChain<TLastTransformer>(transformers, _scopes);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        HostErrors.CheckValue(null, inputSchema, nameof(inputSchema));
        return _estimators.Aggregate(inputSchema, (shape, estimator) => estimator.GetOutputSchema(shape));
    }
}
