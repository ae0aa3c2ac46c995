using System.Text;
using Orchestrator.Abstractions;

namespace Orchestrator.RunFolders;

/// <summary>
/// <c>events.csv</c>: what happened beside the pushes. The message is the last column and always
/// quoted; it has no line breaks.
/// </summary>
internal sealed class EventRows : IRowFormat<RunEvent>
{
    public static string FileName => "events.csv";

    public static IReadOnlyList<string> Columns { get; } = ["atNs", "kind", "worker", "host", "message"];

    public static byte[] Format(RunEvent record)
    {
        var message = record.Message.ReplaceLineEndings(" ").Replace("\"", "\"\"", StringComparison.Ordinal);
        return Encoding.UTF8.GetBytes(FormattableString.Invariant($"{record.At},{record.Kind},{record.Worker},{record.Host},\"{message}\"\n"));
    }

    public static bool TryParse(ReadOnlySpan<byte> row, out RunEvent record)
    {
        var fields = new RowParser(row);
        var at = fields.Long();
        var kind = Encoding.UTF8.GetString(fields.Word());
        int worker = fields.Int(), host = fields.Int();
        var message = fields.Rest();
        var quoted = message.Length >= 2 && message[0] == '"' && message[^1] == '"';
        var text = quoted ? Encoding.UTF8.GetString(message[1..^1]).Replace("\"\"", "\"", StringComparison.Ordinal) : "";
        record = new RunEvent(at, kind, worker, host, text);
        return fields.IsComplete && quoted;
    }
}
