using System.Text.Json;

namespace Orchestrator.Statistics.Tables;

/// <summary>Numbers in JSON: what is not there, or not finite, is null.</summary>
internal static class JsonNumbers
{
    public static void Number(this Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number && double.IsFinite(number))
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    public static void Interval(this Utf8JsonWriter json, string name, Interval? interval)
    {
        if (interval is not { } ends)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartObject(name);
        json.Number("low", ends.Low);
        json.Number("high", ends.High);
        json.WriteEndObject();
    }
}
