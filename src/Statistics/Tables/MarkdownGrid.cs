using System.Text;

namespace Orchestrator.Statistics.Tables;

/// <summary>A grid as a Markdown table, its caption below.</summary>
internal static class MarkdownGrid
{
    public static string Render(Grid grid)
    {
        var text = new StringBuilder();
        Line(text, grid.Columns.Select(c => Escape(c.Heading)));
        Line(text, grid.Columns.Select(c => c.IsNumber ? "---:" : "---"));
        foreach (var row in grid.Rows)
        {
            Line(text, row.Select(Escape));
        }

        text.Append('\n');
        foreach (var line in TextGrid.Wrap(Escape(grid.Caption), 100, ""))
        {
            text.Append(line).Append('\n');
        }

        return text.ToString();
    }

    private static void Line(StringBuilder text, IEnumerable<string> cells) => text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");

    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            escaped.Append(c switch { '\n' or '\r' => " ", '|' or '*' or '_' or '`' or '<' or '[' or ']' or '\\' => $"\\{c}", _ => c.ToString() });
        }

        return escaped.ToString();
    }
}
