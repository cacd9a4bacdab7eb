// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Text.Json;
using Microsoft.ML.Memory.Tests.RealData;
using Microsoft.ML.Memory.Tests.Reliability;

namespace Microsoft.ML.Memory.Tests.Calibration;

/// <summary>Calibration on the digits against an independent float64 reference.</summary>
[TestClass]
public sealed class OptdigitsCalibrationTests
{
    /// <summary>Confidences at the edge of a bin may fall on either side.</summary>
    private const double ErrorTolerance = 2e-3;

    private const double Tolerance = 1e-4;

    private const double RelativeTemperature = 1e-2;

    [TestMethod]
    public void Every_setting_equals_the_reference()
    {
        string path = SharedFolder.PathOf("golden/memory/voting/optdigits-calibration.json");
        JsonElement golden = JsonDocument.Parse(File.ReadAllBytes(path)).RootElement.GetProperty("settings");
        BankSnapshot memory = Optdigits.Train().Memory();
        Optdigits test = Optdigits.Test();

        Assert.AreEqual(12, golden.GetArrayLength());
        foreach (JsonElement each in golden.EnumerateArray())
            AssertEqual(each.Deserialize<GoldenCalibration>(JsonSerializerOptions.Web)!, memory, test);
    }

    private static void AssertEqual(GoldenCalibration expected, BankSnapshot memory, Optdigits test)
    {
        string what = $"{expected.Vote}, k {expected.K}";
        DigitVotes votes = DigitVotes.Cast(memory, test, expected.K, VoteOf(expected.Vote));
        CalibrationReport report = ReportOf(votes.Shares, votes.Winners, test.Labels);
        Assert.AreEqual(expected.Accuracy, report.Accuracy, 1e-12, what);
        Assert.AreEqual(expected.Ece15, report.CalibrationError, ErrorTolerance, what);
        Assert.AreEqual(expected.EceMass15, report.EqualMassError, ErrorTolerance, what);
        Assert.AreEqual(expected.Brier, report.Brier, Tolerance, what);
        Assert.AreEqual(expected.Nll, report.LogLoss, Tolerance, what);
        if (expected.Bins is { } bins) AssertBins(bins, report, what);

        TemperatureFit even = RowsFrom(0, votes, test), odd = RowsFrom(1, votes, test);
        PowerTemperature fitted = even.Solve();
        Assert.AreEqual(1, fitted.Temperature / expected.Temperature, RelativeTemperature, what);
        double log = Math.Log(fitted.Temperature);
        Assert.AreEqual(expected.FitNllEvenRows, even.Loss(log), Tolerance, what);
        Assert.AreEqual(expected.OddRows.NllBefore, odd.Loss(0), Tolerance, what);
        Assert.AreEqual(expected.OddRows.NllAfter, odd.Loss(log), Tolerance, what);
        Assert.AreEqual(
            expected.OddRows.EceAfter, OddRows(votes, test, fitted).CalibrationError, ErrorTolerance, what);
    }

    private static TemperatureFit RowsFrom(int first, DigitVotes votes, Optdigits test)
    {
        var fit = new TemperatureFit(Optdigits.ClassCount);
        for (int row = first; row < test.Labels.Length; row += 2) fit.Add(votes.Shares[row], test.Labels[row]);
        return fit;
    }

    private static void AssertBins(double[][] expected, CalibrationReport report, string what)
    {
        for (int bin = 0; bin < expected.Length; bin++)
        {
            Assert.AreEqual((int)expected[bin][0], report.Bins[bin].Count, $"{what}, bin {bin}");
            Assert.AreEqual(expected[bin][1], report.Bins[bin].Confidence, 1e-5, $"{what}, bin {bin}");
            Assert.AreEqual(expected[bin][2], report.Bins[bin].Accuracy, 1e-12, $"{what}, bin {bin}");
        }
    }

    private static CalibrationReport OddRows(DigitVotes votes, Optdigits test, PowerTemperature temperature)
    {
        int[] odd = [.. Enumerable.Range(0, test.Labels.Length).Where(row => row % 2 == 1)];
        double[][] shares = Array.ConvertAll(odd, row =>
        {
            double[] mapped = [.. votes.Shares[row]];
            temperature.Apply(mapped);
            return mapped;
        });
        return ReportOf(
            shares, Array.ConvertAll(odd, row => votes.Winners[row]), Array.ConvertAll(odd, row => test.Labels[row]));
    }

    private static CalibrationReport ReportOf(double[][] shares, int[] predicted, int[] labels)
        => CalibrationReport.Of([.. shares.SelectMany(row => row)], predicted, labels, Optdigits.ClassCount);

    private static IVote VoteOf(string name) => name switch
    {
        "plurality" => new PluralityVote(),
        "softmax" => new SoftmaxVote(),
        "rank" => new RankVote(),
        _ => throw new InvalidDataException($"The vote must be one of three. Got '{name}'."),
    };
}
