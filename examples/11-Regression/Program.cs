// Licensed under the MIT License. See LICENSE in the project root for license information.

using ExampleData;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Memory;

namespace RegressionExample;

/// <summary>Estimates what homes are worth by the sales most alike, says by which, and keeps up with the market.
/// </summary>
internal sealed class Program(MLContext mlContext, DemoOptions options)
{
    private readonly Sale[] _sales = Town.OldSales(options.IsQuick ? 2000 : 20_000, seed: 1, firstId: 0);
    private readonly Sale[] _homes = Town.OldSales(500, seed: 2, firstId: 100_000);
    private readonly Checks _checks = new();

    private static int Main(string[] arguments)
        => DemoRun.Run(arguments, options => new Program(new MLContext(seed: 1), options).Run());

    private int Run()
    {
        int neighborCount = Choose();
        ITransformer model = Pipeline(neighborCount).Fit(View(_sales));
        Explain(model);
        ITransformer later = KeepUp(model);
        Correct(later);
        Save(later);
        return _checks.Finish();
    }

    /// <summary>Cross-validation says how many sales to average; the held-out homes say how good that is.</summary>
    private int Choose()
    {
        (int Count, double Error)[] tried =
        [
            .. new[] { 1, 5, 25 }.Select(count => (count, mlContext.Regression
                .CrossValidate(View(_sales), Pipeline(count), 4, nameof(Sale.Price))
                .Average(fold => fold.Metrics.RootMeanSquaredError))),
        ];
        int best = tried.MinBy(each => each.Error).Count;
        Console.WriteLine(
            $"{_sales.Length:N0} sales; root mean squared error by neighbours: "
            + string.Join(", ", tried.Select(each => $"{each.Count} {each.Error:F1}")));

        IDataView scored = Pipeline(best).Fit(View(_sales)).Transform(View(_homes));
        RegressionMetrics metrics = mlContext.Regression.Evaluate(scored, nameof(Sale.Price));
        double mean = _sales.Average(sale => sale.Price);
        double baseline = _homes.Average(home => Math.Abs(home.Price - mean));
        _checks.Add(
            $"1. With {best}, estimates are off by {metrics.MeanAbsoluteError:F1}; by {baseline:F1} would be the mean",
            metrics.MeanAbsoluteError < baseline / 4);
        return best;
    }

    /// <summary>The sales behind an estimate, and how much each counts: their weighted sum is the estimate.</summary>
    private void Explain(ITransformer model)
    {
        var engine = mlContext.Model.CreatePredictionEngine<Sale, Estimate>(model);
        Estimate estimate = engine.Predict(_homes[0]);
        Console.WriteLine(
            $"2. {estimate.Score:F0}, by sales "
            + string.Join(", ", estimate.NeighborIds.Zip(estimate.NeighborLabels, estimate.NeighborWeights)
                .Select(near => $"{near.First} ({near.Second:F0}, {near.Third:P0})")));
        double sum = estimate.NeighborLabels.Zip(estimate.NeighborWeights, (price, weight) => (double)price * weight)
            .Sum();
        _checks.Add("   Their weighted sum is the estimate", Math.Abs(sum - estimate.Score) < 0.01);
    }

    /// <summary>A quarter is built where nothing was sold before: its first sales count at once.</summary>
    private ITransformer KeepUp(ITransformer model)
    {
        Sale[] homes = Town.NewSales(200, seed: 4, firstId: 200_000);
        ITransformer later = Teach(model, Town.NewSales(300, seed: 3, firstId: 300_000));
        double before = Predict(model, homes).Average(home => home.Error);
        double after = Predict(later, homes).Average(home => home.Error);
        _checks.Add(
            $"3. In a new quarter, off by {before:F0}; by {after:F1} with 300 sales from there, none of it trained",
            after < before / 4);
        return later;
    }

    /// <summary>A price with a nought too many, found and taken back: as if it had never been there.</summary>
    private void Correct(ITransformer model)
    {
        Sale typo = Town.OldSales(1, seed: 2, firstId: 400_000).Single(); // as the first of the homes
        typo.Price *= 10;
        ITransformer wrong = Teach(model, [typo]);
        Estimate estimate = Predict(wrong, [_homes[0]]).Single();
        long found = estimate.NeighborIds[Array.IndexOf(estimate.NeighborLabels, estimate.NeighborLabels.Max())];

        var memory = wrong.FindMemory<NearestNeighborsRegressionTransformer>();
        ITransformer right = wrong.WithMemory(memory.Remove(found));
        bool isSame = Predict(right, _homes).Zip(Predict(model, _homes)).All(
            pair => pair.First.Score == pair.Second.Score);
        _checks.Add(
            $"4. A wrong price makes {estimate.Score:F0} of {_homes[0].Price:F0}; without sale {found} it is as before",
            found == typo.Id && isSame);
    }

    private void Save(ITransformer model)
    {
        Directory.CreateDirectory(options.Output);
        string path = Path.Combine(options.Output, "prices.zip");
        mlContext.Model.Save(model, View([]).Schema, path);
        bool isSame = Predict(mlContext.Model.Load(path, out _), _homes).Zip(Predict(model, _homes)).All(
            pair => pair.First.Score == pair.Second.Score);
        _checks.Add($"5. Saved {path} ({new FileInfo(path).Length / 1e3:F0} kB) and loaded it", isSame);
    }

    private IEstimator<ITransformer> Pipeline(int neighborCount)
        => mlContext.Transforms.Concatenate("Features", nameof(Sale.East), nameof(Sale.North), nameof(Sale.Size))
            .Append(mlContext.Transforms.NormalizeMeanVariance("Features", fixZero: false))
            .Append(mlContext.Regression.Trainers.NearestNeighbors(new NearestNeighborsRegressionOptions
            {
                LabelColumnName = nameof(Sale.Price),
                IdColumnName = nameof(Sale.Id),
                NeighborCount = neighborCount,
                Weighting = NeighborWeighting.InverseDistance,
                NeighborColumns = NeighborColumns.Ids | NeighborColumns.Labels | NeighborColumns.Weights,
            }));

    private ITransformer Teach(ITransformer model, Sale[] sales)
    {
        var memory = model.FindMemory<NearestNeighborsRegressionTransformer>();
        return model.WithMemory(
            memory.Add(model.TransformBefore<NearestNeighborsRegressionTransformer>(View(sales))));
    }

    private IDataView View(Sale[] sales) => mlContext.Data.LoadFromEnumerable(sales);

    private Estimate[] Predict(ITransformer model, Sale[] homes)
        => [.. mlContext.Data.CreateEnumerable<Estimate>(model.Transform(View(homes)), reuseRowObject: false)];
}
