using System.Text;

namespace Orchestrator.Host;

/// <summary>
/// Standard output or standard error. A result that cannot be written is a failure, once the work
/// is done; a message that cannot be written, to a terminal that was closed or a full disk, harms
/// nothing and is left out.
/// </summary>
/// <param name="to">The stream's own writer.</param>
/// <param name="carriesResults">Whether it is standard output.</param>
internal sealed class OutputWriter(TextWriter to, bool carriesResults) : TextWriter
{
    private bool isBroken;

    public override Encoding Encoding => to.Encoding;

    public override void Write(char value) => Try(() => to.Write(value));

    public override void Write(string? value) => Try(() => to.Write(value));

    public override void Write(char[] buffer, int index, int count) => Try(() => to.Write(buffer, index, count));

    public override void Write(ReadOnlySpan<char> buffer) => Write(buffer.ToString());

    public override void WriteLine(string? value) => Try(() => to.WriteLine(value));

    public override void Flush() => Try(to.Flush);

    private void Try(Action write)
    {
        if (isBroken && !carriesResults)
        {
            return;
        }

        try
        {
            write();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            isBroken = true;
            if (carriesResults)
            {
                throw new OutputException($"standard output: cannot be written: {failure.Message}", failure);
            }
        }
    }
}

/// <summary>
/// Standard output cannot be written. The work is done, and what it left lies in files.
/// </summary>
internal sealed class OutputException(string message, Exception cause) : Exception(message, cause);
