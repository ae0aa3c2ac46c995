using System.Text;
using Orchestrator.Composition;

namespace Orchestrator.Host;

/// <summary>
/// Writes documents and help: as it is written, except for what could command a terminal.
/// </summary>
internal sealed class PrintableWriter(TextWriter to) : TextWriter
{
    public override Encoding Encoding => to.Encoding;

    public override void Write(char value) => to.Write(char.IsAscii(value) && !char.IsControl(value) ? value.ToString() : Printable.Of(value.ToString()));

    public override void Write(string? value) => to.Write(value is null ? null : Printable.Of(value));

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void Write(ReadOnlySpan<char> buffer) => Write(buffer.ToString());

    public override void WriteLine(string? value) => to.WriteLine(value is null ? null : Printable.Of(value));

    public override void Flush() => to.Flush();
}
