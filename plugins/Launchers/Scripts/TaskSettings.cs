using System.Text.RegularExpressions;
using Orchestrator.Abstractions;

namespace Orchestrator.Launchers;

/// <summary>What every launcher's options say of a task.</summary>
/// <param name="Modules">Environment modules to load.</param>
/// <param name="Environment">Variables to set.</param>
internal sealed partial record TaskSettings(IReadOnlyList<string>? Modules, IReadOnlyDictionary<string, string>? Environment)
{
    /// <summary>What is wrong with them.</summary>
    public IEnumerable<OptionException> Mistakes()
    {
        foreach (var name in (Environment?.Keys ?? []).Where(name => !Variable().IsMatch(name)))
        {
            yield return new OptionException("environment", $"'{name}' is no name of a variable; letters, digits and _ are allowed, and no digit first");
        }

        foreach (var module in (Modules ?? []).Where(module => module.Length == 0 || module.Any(char.IsWhiteSpace)))
        {
            yield return new OptionException("modules", $"'{module}' is no module; one name each is expected, such as dotnet/10.0");
        }
    }

    /// <summary>The script's lines that make a task's surroundings.</summary>
    public IEnumerable<string> Lines(string directory)
    {
        yield return $"cd {ShellWord.Quote(directory)} || exit 1";
        if (Modules is { Count: > 0 })
        {
            yield return $"module load {string.Join(' ', Modules.Select(ShellWord.Quote))} || exit 1";
        }

        foreach (var (name, value) in Environment ?? new Dictionary<string, string>())
        {
            yield return $"export {name}={ShellWord.Quote(value)}";
        }
    }

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*$")]
    private static partial Regex Variable();
}
