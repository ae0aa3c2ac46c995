using System.Text.RegularExpressions;

namespace Orchestrator.Abstractions;

/// <summary>Words of a Unix shell.</summary>
public static partial class ShellWord
{
    /// <summary>
    /// A text as one word that a shell takes as it is: in quotes where it needs them.
    /// </summary>
    public static string Quote(string text) => Plain().IsMatch(text) ? text : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    [GeneratedRegex(@"^[A-Za-z0-9_./:=@%+,-]+$")]
    private static partial Regex Plain();
}
