// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Text;
using System.Text.Json;

namespace Microsoft.ML.Memory;

/// <summary>Writes explanations as JSON.</summary>
internal static class ExplanationJson
{
    public static string Write(Explanation explanation)
    {
        using var content = new MemoryStream();
        using (var json = new Utf8JsonWriter(content))
        {
            json.WriteStartObject();
            WriteNumber(json, "row", explanation.Row);
            WriteNumber(json, "predictedClass", explanation.PredictedClass);
            json.WriteString("predictedLabel", explanation.PredictedLabel);
            json.WriteStartArray("scores");
            for (int index = 0; index < explanation.Scores.Count; index++)
            {
                json.WriteStartObject();
                json.WriteString("class", explanation.ClassNames[index]);
                json.WriteNumber("score", explanation.Scores[index]);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartArray("contributions");
            foreach (Contribution each in explanation.Contributions) WriteContribution(json, each);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(content.GetBuffer(), 0, (int)content.Length);
    }

    private static void WriteContribution(Utf8JsonWriter json, Contribution contribution)
    {
        json.WriteStartObject();
        json.WriteNumber("id", contribution.Id);
        json.WriteNumber("rank", contribution.Rank);
        json.WriteNumber("class", contribution.Class);
        json.WriteString("label", contribution.Label);
        if (float.IsFinite(contribution.Distance)) json.WriteNumber("distance", contribution.Distance);
        else json.WriteNull("distance"); // which JSON cannot say
        json.WriteNumber("entryWeight", contribution.EntryWeight);
        json.WriteNumber("share", contribution.Share);
        json.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number) json.WriteNumber(name, number);
        else json.WriteNull(name);
    }
}
