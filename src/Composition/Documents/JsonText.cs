using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Orchestrator.Composition;

/// <summary>Writes nodes as JSON: for people, or canonically for hashing.</summary>
internal static class JsonText
{
    /// <summary>Indented, members in their order.</summary>
    public static string Readable(Node node) => Write(node, sorted: false, indented: true);

    /// <summary>One line, members in their order.</summary>
    public static string Compact(Node node) => Write(node, sorted: false, indented: false);

    /// <summary>
    /// One line, members sorted by ordinal comparison; numbers are expected in their shortest form.
    /// </summary>
    public static string Canonical(Node node) => Write(node, sorted: true, indented: false);

    private static string Write(Node node, bool sorted, bool indented)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var options = new JsonWriterOptions { Indented = indented, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using (var writer = new Utf8JsonWriter(buffer, options))
        {
            Write(writer, node, sorted);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter writer, Node node, bool sorted)
    {
        switch (node)
        {
            case ObjectNode value:
                writer.WriteStartObject();
                var names = value.Members.Keys.ToArray();
                if (sorted)
                {
                    Array.Sort(names, StringComparer.Ordinal);
                }

                foreach (var name in names)
                {
                    writer.WritePropertyName(name);
                    Write(writer, value[name]!, sorted);
                }

                writer.WriteEndObject();
                break;
            case ArrayNode value:
                writer.WriteStartArray();
                foreach (var element in value.Elements)
                {
                    Write(writer, element, sorted);
                }

                writer.WriteEndArray();
                break;
            case TextNode value: writer.WriteStringValue(value.Value); break;
            case NumberNode value: writer.WriteRawValue(value.Text); break;
            case BooleanNode value: writer.WriteBooleanValue(value.Value); break;
            default: writer.WriteNullValue(); break;
        }
    }
}
