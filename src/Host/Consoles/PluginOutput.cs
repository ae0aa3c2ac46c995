using System.Text;

namespace Orchestrator.Host;

/// <summary>
/// What takes the place of standard output for everybody but this program: standard output holds
/// results, which scripts read, so lines that plugins or their libraries print go elsewhere,
/// marked.
/// </summary>
/// <param name="say">Takes one line at a time.</param>
internal sealed class PluginOutput(Action<string> say) : TextWriter
{
    private const int LongestLine = 4096;

    private readonly Lock gate = new();
    private readonly StringBuilder line = new();

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value) => Write([value]);

    public override void Write(string? value) => Write(value.AsSpan());

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void Write(ReadOnlySpan<char> buffer)
    {
        lock (gate)
        {
            foreach (var letter in buffer)
            {
                if (letter == '\n' || line.Length == LongestLine)
                {
                    Say();
                }

                if (letter is not ('\n' or '\r'))
                {
                    line.Append(letter);
                }
            }
        }
    }

    /// <summary>Says a line that was not ended; a flush alone does not end one.</summary>
    protected override void Dispose(bool disposing)
    {
        lock (gate)
        {
            if (line.Length > 0)
            {
                Say();
            }
        }

        base.Dispose(disposing);
    }

    private void Say()
    {
        say(line.ToString());
        line.Clear();
    }
}
