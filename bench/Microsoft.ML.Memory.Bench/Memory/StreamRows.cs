// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using System.IO.Compression;

namespace Microsoft.ML.Memory.Bench;

/// <summary>A labelled stream in time order, rows [n, d].</summary>
internal sealed record StreamRows(string Name, float[] Rows, int[] Labels, int ClassCount)
{
    public int Dimension => Rows.Length / Labels.Length;

    /// <summary>Reads the prices of electricity; null where the data folder is not on this machine.</summary>
    public static StreamRows? Electricity()
    {
        if (DataFiles.Find("streams/elec.csv.gz") is not { } path) return null;
        float[][] rows = [.. Lines(path).Skip(1).Select(line => Numbers(line, ','))];
        return new StreamRows(
            "elec2", [.. rows.SelectMany(row => row[..^1])], Array.ConvertAll(rows, row => (int)row[^1]), 2);
    }

    /// <summary>Reads the outdoor objects; null where the data folder is not on this machine.</summary>
    public static StreamRows? Outdoor()
    {
        if (DataFiles.Find("streams/outdoor.data.gz") is not { } data
            || DataFiles.Find("streams/outdoor.labels.gz") is not { } labels)
            return null;
        return new StreamRows(
            "outdoor objects",
            [.. Lines(data).SelectMany(line => Numbers(line, ' '))],
            [.. Lines(labels).Select(line => int.Parse(line, CultureInfo.InvariantCulture))],
            40);
    }

    /// <summary>Gives the rows with mean 0 and deviation 1 in each feature of the first rows.</summary>
    public float[] Standardized(int count)
    {
        float[] standard = new float[Rows.Length];
        for (int feature = 0; feature < Dimension; feature++)
        {
            double[] first = [.. Enumerable.Range(0, count).Select(row => (double)Rows[(row * Dimension) + feature])];
            double mean = first.Average();
            double deviation = Math.Sqrt(first.Average(value => (value - mean) * (value - mean)) + 1e-12);
            for (int index = feature; index < Rows.Length; index += Dimension)
                standard[index] = (float)((Rows[index] - mean) / deviation);
        }

        return standard;
    }

    private static string[] Lines(string path)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    private static float[] Numbers(string line, char separator)
        => Array.ConvertAll(
            line.Split(separator, StringSplitOptions.RemoveEmptyEntries),
            text => float.Parse(text, CultureInfo.InvariantCulture));
}
