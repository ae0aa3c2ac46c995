using System.Globalization;
using System.Text;
using Orchestrator.Abstractions;

namespace Orchestrator.Delays;

/// <summary>A line of a recorded file, its fields between commas.</summary>
/// <param name="Path">The file.</param>
/// <param name="Number">From 1.</param>
/// <param name="Text">Without blanks around it.</param>
internal sealed record TraceLine(string Path, int Number, string Text)
{
    private const int LongestQuote = 60;

    public string[] Fields { get; } = Text.Split(',');

    /// <summary>
    /// Whether it is in words; NaN and the like are numbers that nothing recorded can be.
    /// </summary>
    public bool IsHeader => Fields[0].TrimStart('"', '\'', ' ') is [var first, ..] && char.IsLetter(first) && !IsNumber(Fields[^1].Trim().TrimStart('+', '-'));

    /// <summary>What is told of a line that is not what it should be.</summary>
    /// <param name="what">What it is not.</param>
    /// <param name="allowed">What is.</param>
    public OptionException Wrong(string what, string allowed) =>
        new("file", $"{Path}:{Number}: '{(Text.Length <= LongestQuote ? Text : Text[..LongestQuote] + "...")}' is not {what}; allowed: {allowed}.");

    private static bool IsNumber(string field) =>
        double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out _) || field.Equals("inf", StringComparison.OrdinalIgnoreCase);
}

/// <summary>Files of recorded times: lines of text; blank ones, and those that begin with #, are
/// passed over.</summary>
internal static class TraceLines
{
    private const int LongestLine = 1_000;

    /// <summary>Reads a file while it lasts.</summary>
    /// <param name="path">The file.</param>
    /// <param name="form">What its lines hold, for messages.</param>
    /// <param name="read">Takes the lines, once.</param>
    /// <exception cref="OptionException">It cannot be read, or has a line without end.</exception>
    public static T Read<T>(string path, string form, Func<IEnumerable<TraceLine>, T> read)
    {
        try
        {
            using var reader = new StreamReader(RegularFile.Open(path, bufferSize: 1 << 16));
            return read(Lines(path, form, reader)
                .Select((text, index) => new TraceLine(path, index + 1, text.Trim()))
                .Where(line => line.Text.Length > 0 && line.Text[0] != '#'));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new OptionException("file", $"Cannot read the trace '{Path.GetFullPath(path.Length == 0 ? "." : path)}': {exception.Message}");
        }
    }

    // What is no text may go on for gigabytes without the end of a line.
    private static IEnumerable<string> Lines(string path, string form, StreamReader reader)
    {
        var line = new StringBuilder();
        var number = 1;
        while (true)
        {
            var letter = reader.Read();
            if (letter is '\n' or -1)
            {
                yield return line.ToString();
                line.Clear();
                number++;
            }
            else if (line.Length < LongestLine)
            {
                line.Append((char)letter);
            }
            else
            {
                throw new OptionException("file", $"{path}:{number}: the line is longer than {LongestLine} characters; {form}.");
            }

            if (letter < 0)
            {
                yield break;
            }
        }
    }
}
