using System.Text;

namespace Orchestrator.Sweeps;

/// <summary>
/// Comma-separated values as others write them (RFC 4180): quoted fields, either line ending, a
/// mark at the beginning.
/// </summary>
internal static class CsvRows
{
    /// <summary>The rows that are not empty, each with its line, from 1.</summary>
    public static IEnumerable<(int Line, List<string> Fields)> Read(string text)
    {
        var (line, at) = (1, text.StartsWith('\uFEFF') ? 1 : 0);
        while (at < text.Length)
        {
            var first = line;
            var fields = new List<string>();
            do
            {
                fields.Add(Field(text, ref at, ref line));
            }
            while (at < text.Length && text[at] == ',' && ++at <= text.Length);

            EndOfLine(text, ref at, ref line);
            if (fields.Count > 1 || fields[0].Length > 0)
            {
                yield return (first, fields);
            }
        }
    }

    // Up to a comma or the end of a line; within quotes both belong to the field, and two quotes
    // are one.
    private static string Field(string text, ref int at, ref int line)
    {
        var field = new StringBuilder();
        var isQuoted = false;
        for (; at < text.Length; at++)
        {
            if (text[at] == '"')
            {
                if (isQuoted && at + 1 < text.Length && text[at + 1] == '"')
                {
                    field.Append(text[at++]);
                }
                else
                {
                    isQuoted = !isQuoted;
                }

                continue;
            }

            if (!isQuoted && text[at] is ',' or '\r' or '\n')
            {
                break;
            }

            line += text[at] == '\n' ? 1 : 0;
            field.Append(text[at]);
        }

        return field.ToString().Trim();
    }

    private static void EndOfLine(string text, ref int at, ref int line)
    {
        if (at < text.Length && text[at] == '\r')
        {
            at++;
        }

        if (at < text.Length && text[at] == '\n')
        {
            at++;
            line++;
        }
    }
}
