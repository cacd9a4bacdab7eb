// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.Calibration;

/// <summary>Reference figures of one vote with one number of neighbours.</summary>
internal sealed record GoldenCalibration(
    string Vote,
    int K,
    double Accuracy,
    double Ece15,
    double EceMass15,
    double Brier,
    double Nll,
    double[][]? Bins,
    double Temperature,
    double FitNllEvenRows,
    GoldenOddRows OddRows);

/// <summary>Reference figures of the rows that the temperature was not fitted on.</summary>
internal sealed record GoldenOddRows(double EceBefore, double EceAfter, double NllBefore, double NllAfter);
