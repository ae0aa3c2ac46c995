using System.Text;
using Spectre.Console;

namespace Orchestrator.Host;

/// <summary>
/// Where a console writes, and how wide it is; a pipe has no width, so that lines are not cut for a
/// script that reads them.
/// </summary>
internal sealed class TerminalOutput(TextWriter writer, bool isRedirected) : IAnsiConsoleOutput
{
    private const int Wide = 1000;
    private const int Usual = 80;

    public TextWriter Writer => writer;

    public bool IsTerminal => !isRedirected;

    public int Width => isRedirected ? Wide : Measured(() => Console.BufferWidth, Usual);

    public int Height => Measured(() => Console.WindowHeight, 24);

    public void SetEncoding(Encoding encoding)
    {
    }

    private static int Measured(Func<int> measure, int otherwise)
    {
        try
        {
            return measure() is > 0 and var size ? size : otherwise;
        }
        catch (IOException)
        {
            return otherwise;
        }
    }
}
