using System.Text;
using System.Text.RegularExpressions;

namespace Orchestrator.Docs.Tests;

/// <summary>
/// Markdown paragraphs in lines of at most 100 characters; code and the targets of links stay
/// whole.
/// </summary>
internal static partial class Prose
{
    private const int Width = 100;

    /// <summary>Wraps one paragraph.</summary>
    public static string Wrap(string paragraph)
    {
        var (text, length) = (new StringBuilder(), 0);
        foreach (Match word in Word().Matches(paragraph))
        {
            // A line that began with one of these would be a list, a heading or a quotation.
            var mayBegin = !Marker().IsMatch(word.Value);
            if (length > 0 && mayBegin && length + 1 + WithWhatFollows(paragraph, word) > Width)
            {
                text.Append('\n');
                length = 0;
            }
            else if (length > 0)
            {
                text.Append(' ');
                length++;
            }

            text.Append(word.Value);
            length += word.Length;
        }

        return text.ToString();
    }

    // A word takes those along that may not begin a line.
    private static int WithWhatFollows(string paragraph, Match word)
    {
        var length = word.Length;
        for (var next = word.NextMatch(); next.Success && Marker().IsMatch(next.Value); next = next.NextMatch())
        {
            length += 1 + next.Length;
        }

        return length;
    }

    [GeneratedRegex(@"(`[^`]*`|\]\([^)]*\)|\S)+")]
    private static partial Regex Word();

    [GeneratedRegex(@"^([-+*]|#+|\d+[.)]|=+|>.*|--+|\|.*)$")]
    private static partial Regex Marker();
}
