using System.Text.RegularExpressions;

namespace Orchestrator.Launchers;

/// <summary>Words of a shell.</summary>
internal static partial class Shell
{
    /// <summary>A text as one word that the shell does not touch.</summary>
    public static string Quote(string text) => Plain().IsMatch(text) ? text : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    [GeneratedRegex(@"^[A-Za-z0-9_./:=@%+,-]+$")]
    private static partial Regex Plain();
}
