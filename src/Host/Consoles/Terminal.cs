using Orchestrator.Composition;
using Spectre.Console;

namespace Orchestrator.Host;

/// <summary>
/// Two consoles: results go to standard output, everything else (progress, warnings, errors) to
/// standard error. All that the program says goes through here, and through
/// <see cref="EscapedOutput"/> or <see cref="PrintableWriter"/>.
/// </summary>
internal sealed class Terminal
{
    private static readonly OutputWriter Standard = new(Console.Out, carriesResults: true);

    // Made when they are needed: many a command says nothing, or prints a document.
    private readonly Lazy<IAnsiConsole> output = new(() => Create(Standard, Console.IsOutputRedirected));
    private readonly Lazy<IAnsiConsole> error = new(() => Create(new OutputWriter(Console.Error, carriesResults: false), Console.IsErrorRedirected));

    public IAnsiConsole Out => output.Value;

    public IAnsiConsole Error => error.Value;

    /// <summary>
    /// Standard output for documents, JSON or a script: without wrapping or markup.
    /// </summary>
    public static TextWriter Document { get; } = new PrintableWriter(Standard);

    /// <summary>
    /// Takes standard output away from everybody else, until it is disposed of; what they print
    /// there goes to standard error.
    /// </summary>
    public IDisposable OwnOutput()
    {
        // Whoever has the real one has it from here.
        _ = Document;
        var others = new PluginOutput(line => Error.MarkupLineInterpolated($"[grey]plugin output:[/] {Printable.Line(line)}"));
        Console.SetOut(others);
        return others;
    }

    public static void Line(string text) => Document.WriteLine(text);

    /// <summary>Something worth knowing that is not wrong.</summary>
    public void Note(string text) => Error.MarkupLineInterpolated($"{Indented(text)}");

    public void Warn(string text) => Error.MarkupLineInterpolated($"[yellow]warning:[/] {Indented(text)}");

    /// <summary>Says what a pipeline has that may not be meant, one line each.</summary>
    public void Say(IEnumerable<Hint> hints)
    {
        foreach (var hint in hints)
        {
            if (hint.Grade == HintGrade.Warning)
            {
                Warn(hint.ToString());
            }
            else
            {
                Error.MarkupLineInterpolated($"[blue]hint:[/] {Indented(hint.ToString())}");
            }
        }
    }

    /// <summary>Says what could not be used of the plugin folders.</summary>
    public void Warn(PluginCatalog catalog)
    {
        foreach (var problem in catalog.Problems)
        {
            Warn(problem.ToString());
        }
    }

    public void Fail(string text) => Error.MarkupLineInterpolated($"[red]error:[/] {Indented(text)}");

    // Text of others in a message may hold lines that look like messages of ours: only the first
    // line begins at the margin.
    private static string Indented(string text) => text.Contains('\n') ? string.Join('\n', text.Split('\n').Select((line, i) => i == 0 || line.StartsWith(' ') ? line : "       " + line)) : text;

    private static IAnsiConsole Create(TextWriter writer, bool redirected)
    {
        var plain = redirected || Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 } || Environment.GetEnvironmentVariable("TERM") == "dumb";
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new TerminalOutput(writer, redirected),
            Ansi = plain ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = plain ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Interactive = plain ? InteractionSupport.No : InteractionSupport.Detect,
        });
        console.Pipeline.Attach(new EscapedOutput());
        return console;
    }
}
