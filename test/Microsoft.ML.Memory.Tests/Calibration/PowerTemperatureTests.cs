// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.Calibration;

[TestClass]
public sealed class PowerTemperatureTests
{
    [TestMethod]
    public void Apply_by_hand()
    {
        double[] shares = [0.8, 0.2];

        new PowerTemperature(0.5).Apply(shares);

        double a = 0.80001 * 0.80001, b = 0.20001 * 0.20001;
        Approx.AssertEqual([a / (a + b), b / (a + b)], shares, Approx.Reference, "squares");
    }

    [TestMethod]
    public void Fit_finds_the_temperature_that_labels_were_drawn_with()
    {
        var random = new SeededRandom(1);
        var truth = new PowerTemperature(2);
        const int Rows = 20_000;
        double[] shares = new double[Rows * 3];
        int[] labels = new int[Rows];
        for (int row = 0; row < Rows; row++)
        {
            Span<double> own = shares.AsSpan(row * 3, 3);
            for (int index = 0; index < 3; index++) own[index] = random.NextDouble();
            double sum = own[0] + own[1] + own[2];
            for (int index = 0; index < 3; index++) own[index] /= sum;
            double[] mapped = own.ToArray();
            truth.Apply(mapped);
            double draw = random.NextDouble();
            labels[row] = draw < mapped[0] ? 0 : draw < mapped[0] + mapped[1] ? 1 : 2;
        }

        Assert.AreEqual(2, PowerTemperature.Fit(shares, labels, 3).Temperature, 0.1);
    }

    [TestMethod]
    public void Fit_ends_at_its_bounds_and_at_1_without_rows()
    {
        Assert.AreEqual(
            PowerTemperature.Smallest, PowerTemperature.Fit([0.9, 0.1], [0], 2).Temperature, 1e-6);
        Assert.AreEqual(PowerTemperature.Largest, PowerTemperature.Fit([0.9, 0.1], [1], 2).Temperature, 1e-5);
        Assert.AreEqual(1, PowerTemperature.Fit([], [], 2).Temperature);
        Assert.AreEqual(1, PowerTemperature.Fit([1], [0], 1).Temperature);
    }

    [TestMethod]
    public void Bad_arguments_are_named()
    {
        Refusal.Assert<ArgumentOutOfRangeException>(
            "PowerTemperature's temperature must be in [0.05, 20]. Got NaN. (Parameter 'temperature')",
            () => _ = new PowerTemperature(double.NaN));
        Refusal.Assert<ArgumentException>(
            "shares must be [n, c] = 4 values long. Got 3. (Parameter 'shares')",
            () => PowerTemperature.Fit([1, 0, 1], [0, 1], 2));
        Refusal.Assert<ArgumentException>(
            "CalibrationReport's row count must be at least 1. Got 0. (Parameter 'labels')",
            () => CalibrationReport.Of([], [], [], 2));
    }

    [TestMethod]
    public void Report_by_hand()
    {
        var report = CalibrationReport.Of([0.8, 0.2, 0.4, 0.6, 1, 0], [0, 1, 0], [0, 0, 0], 2);

        Assert.AreEqual(2 / 3.0, report.Accuracy, Approx.Reference);
        Assert.AreEqual((0.08 + 0.72 + 0) / 3, report.Brier, Approx.Reference);
        Assert.AreEqual((0.2 + 0.6 + 0) / 3, report.CalibrationError, Approx.Reference);
        Assert.AreEqual((0.2 + 0.6 + 0) / 3, report.EqualMassError, Approx.Reference);
        Assert.AreEqual(1, report.Bins[11].Count, "0.8 is the upper edge of bin 12 of 15");
        Assert.AreEqual(
            """
            rows 3, accuracy 0.6667, NLL 0.3798, Brier 0.2667, ECE 0.2667, equal-mass ECE 0.2667

            | confidence | rows | mean confidence | accuracy |
            |---|---|---|---|
            | 0.533-0.600 | 1 | 0.6000 | 0.0000 |
            | 0.733-0.800 | 1 | 0.8000 | 1.0000 |
            | 0.933-1.000 | 1 | 1.0000 | 1.0000 |

            """,
            report.ToTable());
    }

    [TestMethod]
    public void ToSvg_is_one_document_with_a_bar_for_each_bin_that_has_rows()
    {
        string svg = CalibrationReport.Of([0.8, 0.2, 0.4, 0.6, 1, 0], [0, 1, 0], [0, 0, 0], 2).ToSvg();

        var document = System.Xml.Linq.XDocument.Parse(svg);
        Assert.AreEqual("svg", document.Root!.Name.LocalName);
        Assert.HasCount(3, document.Descendants().Where(element => element.Name.LocalName == "title"));
    }
}
