using System.Globalization;
using System.Text;

namespace Orchestrator.RunFolders;

/// <summary>
/// <c>groups.csv</c>: which partition holds how many samples of which natural group, one row for
/// each pair that is not empty, written once. No program of ours reads it back.
/// </summary>
internal static class GroupRows
{
    public const string FileName = "groups.csv";

    /// <param name="parts">Row numbers, by part.</param>
    /// <param name="groups">The group of each training sample.</param>
    /// <param name="names">Of the groups.</param>
    public static byte[] Format(IReadOnlyList<ReadOnlyMemory<int>> parts, ReadOnlySpan<int> groups, IReadOnlyList<string> names)
    {
        var text = new StringBuilder("partition,group,samples\n");
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

    // Names come from files of others.
    private static string Quoted(string name) => name.AsSpan().ContainsAny(",\"\r\n") ? $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : name;
}
