// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Text.Json;
using Microsoft.ML.Memory;

namespace MemoryServe;

/// <summary>Writes what an analysis found as columns of JSON.</summary>
internal static class AnalysisJson
{
    public static async Task WriteAsync(HttpContext context, AnalysisResult result)
    {
        using var answer = new JsonStream(context);
        Utf8JsonWriter json = answer.Json;
        json.WriteStartObject();
        json.WriteNumber("sequence", result.Sequence);
        json.WriteNumber("neighborCount", result.NeighborCount);
        await answer.WriteArrayAsync("classes", result.ClassNames);
        await answer.WriteArrayAsync("ids", result.Ids);
        await answer.WriteArrayAsync("labels", result.Labels);
        await WriteVerdictsAsync(answer, result.Verdicts);
        await answer.WriteArrayAsync("wrong", result.Wrong);
        await answer.WriteArrayAsync("correct", result.Correct);
        await answer.WriteArrayAsync("twin", result.Twins, WriteId);
        await answer.WriteArrayAsync("twinDistance", result.TwinDistances);
        json.WriteStartObject("principal");
        await WritePlacesAsync(answer, result.Principal);
        json.WriteStartArray("variance");
        foreach (double share in result.VarianceShares) json.WriteNumberValue(share);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteStartObject("map");
        await WritePlacesAsync(answer, result.Map);
        json.WriteEndObject();
        WriteCalibration(json, result.Verdicts?.Calibration);
        json.WriteEndObject();
        await answer.FlushAsync();
    }

    private static async Task WriteVerdictsAsync(JsonStream answer, Verdicts? verdicts)
    {
        if (verdicts is null)
        {
            foreach (string name in (string[])["predicted", "confidence", "ownScore"]) answer.Json.WriteNull(name);
            return;
        }

        await answer.WriteArrayAsync("predicted", verdicts.Predicted);
        await answer.WriteArrayAsync("confidence", verdicts.Confidences);
        await answer.WriteArrayAsync("ownScore", verdicts.OwnScores);
    }

    private static async Task WritePlacesAsync(JsonStream answer, Places places)
    {
        await answer.WriteArrayAsync("x", places.X);
        await answer.WriteArrayAsync("y", places.Y);
    }

    private static void WriteCalibration(Utf8JsonWriter json, CalibrationReport? calibration)
    {
        if (calibration is null)
        {
            json.WriteNull("calibration");
            return;
        }

        json.WriteStartObject("calibration");
        json.WriteStartArray("bins");
        foreach (CalibrationBin bin in calibration.Bins)
        {
            json.WriteStartObject();
            json.WriteNumber("count", bin.Count);
            json.WriteNumber("confidence", bin.Confidence);
            json.WriteNumber("accuracy", bin.Accuracy);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("error", calibration.CalibrationError);
        json.WriteNumber("accuracy", calibration.Accuracy);
        json.WriteEndObject();
    }

    private static void WriteId(Utf8JsonWriter json, long? id)
    {
        if (id is { } number) json.WriteNumberValue(number);
        else json.WriteNullValue();
    }
}
