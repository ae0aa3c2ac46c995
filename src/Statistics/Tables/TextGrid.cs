using System.Text;

namespace Orchestrator.Statistics.Tables;

/// <summary>
/// A grid for a terminal, of plain text: as columns where they fit, else each row as a paragraph.
/// No line is longer than the width.
/// </summary>
internal static class TextGrid
{
    private const int SmallestWidth = 40;
    private const string Gap = "  ";

    public static string Render(Grid grid, int width)
    {
        width = Math.Max(width, SmallestWidth);
        var lines = Columns(grid, [.. grid.Columns.Select(c => c.Heading)], width)
            ?? Columns(grid, [.. grid.Columns.Select(c => c.ShortHeading ?? c.Heading)], width)
            ?? Paragraphs(grid, width);
        return string.Join('\n', [.. lines, "", .. Wrap(grid.Caption, width, "")]) + "\n";
    }

    private static List<string>? Columns(Grid grid, string[] headings, int width)
    {
        int[] widths = [.. headings.Select((heading, i) => grid.Rows.Select(r => Length(r[i])).Append(Length(heading)).Max())];
        if (widths.Sum() + (Gap.Length * (widths.Length - 1)) > width)
        {
            return null;
        }

        return [Line(headings), .. grid.Rows.Select(Line)];

        string Line(string[] texts) =>
            string.Join(Gap, texts.Select((t, i) => grid.Columns[i].IsNumber ? Pad(widths[i] - Length(t)) + t : t + Pad(widths[i] - Length(t)))).TrimEnd();
    }

    // The texts that name a row, then its numbers with their headings.
    private static List<string> Paragraphs(Grid grid, int width)
    {
        var lines = new List<string>();
        foreach (var row in grid.Rows)
        {
            var name = string.Join(", ", Pick(row, numbers: false));
            lines.AddRange(Wrap(name.Length == 0 ? "all" : name, width, ""));
            lines.AddRange(Wrap(string.Join("; ", Pick(row, numbers: true)), width, Gap));
        }

        return lines;

        IEnumerable<string> Pick(string[] row, bool numbers) => grid.Columns.Select((c, i) => (Column: c, Text: row[i]))
            .Where(c => c.Column.IsNumber == numbers && c.Text.Length > 0)
            .Select(c => $"{c.Column.ShortHeading ?? c.Column.Heading} {c.Text}");
    }

    /// <summary>Breaks at spaces; a word longer than the line is cut.</summary>
    internal static IEnumerable<string> Wrap(string text, int width, string indent)
    {
        var line = new StringBuilder(indent);
        var isEmpty = true;
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var rest = word;
            if (!isEmpty && Length(line.ToString()) + 1 + Length(rest) > width)
            {
                yield return line.ToString();
                line.Clear().Append(indent);
                isEmpty = true;
            }

            while (isEmpty && indent.Length + rest.Length > width)
            {
                yield return indent + rest[..(width - indent.Length)];
                rest = rest[(width - indent.Length)..];
            }

            line.Append(isEmpty ? "" : " ").Append(rest);
            isEmpty = false;
        }

        if (!isEmpty)
        {
            yield return line.ToString();
        }
    }

    // Columns on screen, near enough: what people type in a pipeline is rarely wider than one
    // column a letter.
    private static int Length(string text) => new System.Globalization.StringInfo(text).LengthInTextElements;

    private static string Pad(int count) => new(' ', Math.Max(0, count));
}
