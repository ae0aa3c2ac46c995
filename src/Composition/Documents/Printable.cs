using System.Globalization;
using System.Text;

namespace Orchestrator.Composition;

/// <summary>
/// Text of others as it may be shown: control characters, which command a terminal, and characters
/// that reverse the direction of writing or cannot be seen, become <c>\uXXXX</c>, which JSON reads
/// as the character itself.
/// </summary>
public static class Printable
{
    /// <summary>Text of several lines: line feeds and tabs stay.</summary>
    public static string Of(string text) => IsPlain(text) ? text : Escaped(text, keepsLines: true);

    /// <summary>
    /// Text that belongs on one line, a name or a message: line feeds and tabs are escaped too.
    /// </summary>
    public static string Line(string text) => IsPlain(text) && !text.AsSpan().ContainsAny('\n', '\t') ? text : Escaped(text, keepsLines: false);

    /// <summary>Whether a character is not to be shown as it is.</summary>
    internal static bool IsHidden(Rune rune) => Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    // Nearly all text is.
    private static bool IsPlain(string text)
    {
        foreach (var letter in text)
        {
            if (letter is not ((>= ' ' and <= '~') or '\n' or '\t' or (>= '\u00A1' and < '\u0600' and not '\u00AD')))
            {
                return false;
            }
        }

        return true;
    }

    private static string Escaped(string text, bool keepsLines)
    {
        var plain = new StringBuilder(text.Length + 16);
        for (var i = 0; i < text.Length; i++)
        {
            if (keepsLines && text[i] == '\r' && i + 1 < text.Length && text[i + 1] == '\n')
            {
                continue;
            }

            if (!Rune.TryGetRuneAt(text, i, out var rune) || (IsHidden(rune) && !(keepsLines && rune.Value is '\n' or '\t')))
            {
                plain.Append(CultureInfo.InvariantCulture, $"\\u{(int)text[i]:x4}");
                if (rune.Utf16SequenceLength == 2)
                {
                    plain.Append(CultureInfo.InvariantCulture, $"\\u{(int)text[++i]:x4}");
                }
            }
            else
            {
                plain.Append(rune);
                i += rune.Utf16SequenceLength - 1;
            }
        }

        return plain.ToString();
    }
}
