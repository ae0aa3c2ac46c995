using System.CommandLine;

namespace Orchestrator.Host;

/// <summary>Options that several commands share, declared once.</summary>
internal static class CommonOptions
{
    public const string SetName = "--set";
    public const string JsonName = "--json";

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
    }.ThatNames("folder", exists: true);

    /// <param name="exists">
    /// Whether the folder must be there; what needs no files runs without one.
    /// </param>
    public static Option<string?> Data(bool exists = false) => new Option<string?>("--data")
    {
        Description = "The folder with data sets, the only one that is looked in. When not given: those of the environment variable ORCHESTRATOR_DATA, or ./data.",
        HelpName = "dir",
    }.ThatNames("folder", exists);

    public static Option<int> Threads(string description)
    {
        var threads = new Option<int>("--threads", "-t")
        {
            Description = description,
            HelpName = "n",
            DefaultValueFactory = _ => Environment.ProcessorCount,
        };
        return threads.Within("a number of threads", 1, 1024);
    }

    /// <summary>A run, as a user names it.</summary>
    public static Argument<string> Run(string name) =>
        new Argument<string>(name) { Description = "The run's id, the beginning of it, id-attempt, or its folder." }.ThatNames("run");

    public static Option<string> Output() => new Option<string>("--output", "-o")
    {
        Description = "Where run folders are made.",
        HelpName = "dir",
        DefaultValueFactory = _ => "runs",
    }.ThatNames("folder");

    public static Option<bool> Json() => new(JsonName) { Description = "Prints one JSON document on standard output, and nothing else there." };
}
