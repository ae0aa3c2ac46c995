using System.Globalization;
using System.Text;
using Orchestrator.Abstractions;

namespace Orchestrator.RunFolders;

/// <summary>
/// <c>groups.csv</c>: which partition holds how many samples of which natural group, one row for
/// each pair that is not empty, written once.
/// </summary>
internal sealed class GroupRows : IRowFormat<GroupRecord>
{
    public static string FileName => "groups.csv";

    public static IReadOnlyList<string> Columns { get; } = ["partition", "group", "samples"];

    /// <param name="parts">Row numbers, by part.</param>
    /// <param name="groups">The group of each training sample.</param>
    /// <param name="names">Of the groups.</param>
    public static byte[] Format(IReadOnlyList<ReadOnlyMemory<int>> parts, ReadOnlySpan<int> groups, IReadOnlyList<string> names)
    {
        var text = new StringBuilder(string.Join(',', Columns)).Append('\n');
        for (var part = 0; part < parts.Count; part++)
        {
            var counts = new SortedDictionary<int, int>();
            foreach (var row in parts[part].Span)
            {
                counts[groups[row]] = counts.GetValueOrDefault(groups[row]) + 1;
            }

            foreach (var (group, count) in counts)
            {
                text.Append(CultureInfo.InvariantCulture, $"{part},{Quoted(names[group])},{count}\n");
            }
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    public static bool TryParse(ReadOnlySpan<byte> row, out GroupRecord record)
    {
        var fields = new RowParser(row);
        var partition = fields.Int();
        var rest = fields.Rest();
        var comma = rest.LastIndexOf((byte)',');
        var last = new RowParser(comma < 0 ? default : rest[(comma + 1)..]);
        record = new GroupRecord(partition, comma < 0 ? "" : Unquoted(Encoding.UTF8.GetString(rest[..comma])), last.Long());
        return fields.IsComplete && last.IsComplete && comma >= 0;
    }

    // Names come from files of others.
    private static string Quoted(string name)
    {
        var line = name.ReplaceLineEndings(" ");
        return line.AsSpan().ContainsAny(",\"") ? $"\"{line.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : line;
    }

    private static string Unquoted(string name) =>
        name is ['"', .. var inner, '"'] ? inner.Replace("\"\"", "\"", StringComparison.Ordinal) : name;
}
