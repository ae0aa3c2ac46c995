using Orchestrator.Composition;
using Spectre.Console;

namespace Orchestrator.Host;

/// <summary>
/// What is said of a run, line by line: a title, then names and values. Each is one line, whatever
/// its text holds.
/// </summary>
internal static class Facts
{
    /// <param name="console">Where.</param>
    /// <param name="name">What it is about.</param>
    /// <param name="detail">Which one.</param>
    /// <param name="colour">Of the verdict.</param>
    /// <param name="verdict">How it ended, in a word.</param>
    /// <param name="more">Behind the verdict.</param>
    public static void Title(IAnsiConsole console, string name, string detail, string colour, string verdict, string more = "") =>
        console.MarkupLine($"[bold]{Plain(name)}[/] {Plain(detail)}  [{colour}]{verdict}[/]{Plain(more)}");

    public static void Line(IAnsiConsole console, string text) => console.MarkupLine($"  {Plain(text)}");

    public static void Fact(IAnsiConsole console, string name, string value) => console.MarkupLine($"  [grey]{name + " ",-15}[/]{Plain(value)}");

    private static string Plain(string text) => Printable.Line(text).EscapeMarkup();
}
