using System.CommandLine;
using Orchestrator.Composition;

namespace Orchestrator.Host;

/// <summary>The options of <c>run</c> about launchers.</summary>
/// <param name="terminal">Where is said what a profile has that means nothing.</param>
internal sealed class LaunchOptions(Terminal terminal)
{
    private const string Ending = ".json";

    private readonly Option<string?> launcher = new Option<string?>("--launcher")
    {
        Description = "Submits the work instead of doing it: slurm, mpi, local, or a launcher of your own ('plugins list' names them). Nothing needs this process then; see 'launch status'.",
        HelpName = "name",
    }.ThatNames("launcher");

    private readonly Option<string?> profile = new Option<string?>("--profile")
    {
        Description = "What the launcher is to ask for, a JSON object: partition, time, memory, cpus, modules, environment, command, ... ('plugins show slurm'). "
            + "A file, or the NAME of profiles/NAME.json beside the settings file. No part of any run's id.",
        HelpName = "file|name",
    }.ThatNames("profile");

    public void AddTo(Command command)
    {
        command.Options.Add(launcher);
        command.Options.Add(profile);
    }

    /// <summary>Whether something is to be submitted.</summary>
    public bool IsAsked(ParseResult parsed) => parsed.GetValue(launcher) is not null || parsed.GetValue(profile) is not null;

    /// <summary>The launcher; null where the work is done here.</summary>
    /// <exception cref="UserException">All that is wrong with the profile.</exception>
    public LaunchProfile? Read(ParseResult parsed, PluginCatalog catalog)
    {
        if (!IsAsked(parsed))
        {
            return null;
        }

        var file = parsed.GetValue(profile) is { } text ? FileOf(text) : null;
        var read = LaunchProfile.Read(file, parsed.GetValue(launcher), catalog, toSubmit: true, out var mistakes);
        foreach (var note in read?.Notes ?? [])
        {
            terminal.Note(note);
        }

        return read ?? throw new UserException(string.Join("\n       ", mistakes));
    }

    // A file comes first; what looks like a file's path is one.
    private static string FileOf(string text)
    {
        if (File.Exists(text) || text.Contains(Path.DirectorySeparatorChar) || text.EndsWith(Ending, StringComparison.OrdinalIgnoreCase))
        {
            return text;
        }

        var folder = Path.Combine(SettingsFile.Folder, "profiles");
        var file = Path.Combine(folder, text + Ending);
        if (File.Exists(file))
        {
            return file;
        }

        List<string> names = Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, "*" + Ending).Select(name => Path.GetFileNameWithoutExtension(name)).Order(StringComparer.Ordinal)] : [];
        throw new UserException($"--profile: there is no file '{text}', and no {text}{Ending} in {folder}; {(names.Count == 0 ? "no profiles" : string.Join(", ", names))} are there{Abstractions.NearestMatch.Suffix(text, names)}");
    }
}
