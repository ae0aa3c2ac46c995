using System.Globalization;
using System.Text;
using System.Text.Json;
using Orchestrator.Composition;

namespace Orchestrator.Reports;

/// <summary>
/// The data of a page. Texts are escaped so that no browser can take them for markup; numbers that
/// are not finite are null, as in run folders.
/// </summary>
internal static class PageJson
{
    // Enough for any screen; what is said in words is computed from the full number.
    private const int Digits = 6;

    public static string Write(Action<Utf8JsonWriter> members)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }

    public static void Object(this Utf8JsonWriter json, string name, Action members)
    {
        json.WriteStartObject(name);
        members();
        json.WriteEndObject();
    }

    public static void Texts(this Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(Printable.Line(value));
        }

        json.WriteEndArray();
    }

    /// <summary>Numbers as a chart needs them: six significant digits.</summary>
    public static void Numbers(this Utf8JsonWriter json, string name, IEnumerable<double> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            Number(json, value);
        }

        json.WriteEndArray();
    }

    public static void Integers(this Utf8JsonWriter json, string name, IEnumerable<long> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteNumberValue(value);
        }

        json.WriteEndArray();
    }

    /// <summary>
    /// A document of others as it is, at full precision; what would reverse the direction of
    /// writing in its texts shows as <c>\uXXXX</c>.
    /// </summary>
    public static void Element(this Utf8JsonWriter json, string name, string document)
    {
        using var parsed = JsonDocument.Parse(document);
        json.WritePropertyName(name);
        Element(json, parsed.RootElement);
    }

    private static void Element(Utf8JsonWriter json, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                json.WriteStartObject();
                foreach (var property in element.EnumerateObject())
                {
                    json.WritePropertyName(Printable.Line(property.Name));
                    Element(json, property.Value);
                }

                json.WriteEndObject();
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                {
                    Element(json, item);
                }

                json.WriteEndArray();
                break;
            case JsonValueKind.String:
                json.WriteStringValue(Printable.Line(element.GetString()!));
                break;
            default:
                element.WriteTo(json);
                break;
        }
    }

    private static void Number(Utf8JsonWriter json, double value)
    {
        if (!double.IsFinite(value))
        {
            json.WriteNullValue();
            return;
        }

        json.WriteNumberValue(Round(value));
    }

    /// <summary>To as many digits as charts show: the shortest text, so that 0.1 takes three bytes.</summary>
    public static double Round(double value) => double.Parse(value.ToString("G" + Digits, CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
