using System.CommandLine;

namespace Orchestrator.Host;

/// <summary>Options that several commands share, declared once.</summary>
internal static class CommonOptions
{
    public const string SetName = "--set";
    public const string JsonName = "--json";
    public const string OutputName = "--output";
    private const string ThreadsName = "--threads";

    /// <summary>
    /// Options that the settings have a value for have it by default, in every command.
    /// </summary>
    public static void Default(Command command, ProgramSettings settings)
    {
        foreach (var option in command.Options)
        {
            switch (option)
            {
                case Option<string> { Name: OutputName } output:
                    output.DefaultValueFactory = _ => settings.Output;
                    break;
                case Option<int> { Name: ThreadsName } threads:
                    threads.DefaultValueFactory = _ => settings.Threads;
                    break;
            }
        }

        foreach (var inner in command.Subcommands)
        {
            Default(inner, settings);
        }
    }

    public static Option<string[]> Set() => new(SetName)
    {
        Description = "Sets a value of the pipeline, PATH=VALUE; repeatable. Example: --set optimizer.momentum=0.5",
        HelpName = "path=value",
        DefaultValueFactory = _ => [],
    };

    public static Option<string[]> Plugins() => new Option<string[]>("--plugins")
    {
        Description = "Another folder with plugins, one folder each; repeatable. Also: the environment variable ORCHESTRATOR_PLUGINS.",
        HelpName = "dir",
        DefaultValueFactory = _ => [],
    }.ThatNames(NameRules.Folder, exists: true);

    /// <param name="exists">
    /// Whether the folder must be there; what needs no files runs without one.
    /// </param>
    public static Option<string?> Data(bool exists = false) => new Option<string?>("--data")
    {
        Description = "The folder with data sets, the only one that is looked in. When not given: those of the environment variable ORCHESTRATOR_DATA, or ./data.",
        HelpName = "dir",
    }.ThatNames(NameRules.Folder, exists);

    public static Option<int> Threads(string description)
    {
        var threads = new Option<int>(ThreadsName, "-t")
        {
            Description = description,
            HelpName = "n",
        };
        return threads.Within("a number of threads", 1, 1024);
    }

    /// <summary>A run, as a user names it.</summary>
    public static Argument<string> Run(string name) =>
        new Argument<string>(name) { Description = "The run's id, the beginning of it, id-attempt, or its folder." }.ThatNames("run");

    public static Option<string> Output() => new Option<string>(OutputName, "-o")
    {
        Description = "Where run folders are made.",
        HelpName = "dir",
    }.ThatNames(NameRules.Folder);

    public static Option<bool> Json() => new(JsonName) { Description = "Prints one JSON document on standard output, and nothing else there." };
}
