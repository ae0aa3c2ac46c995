using System.CommandLine;

namespace Orchestrator.Host;

/// <summary>Options that several commands share, declared once.</summary>
internal static class CommonOptions
{
    public static Argument<string> Pipeline() => new("file") { Description = "The pipeline, a JSON file." };

    public static Option<string[]> Set() => new("--set")
    {
        Description = "Sets a value of the pipeline, PATH=VALUE; repeatable. Example: --set optimizer.momentum=0.5",
        HelpName = "path=value",
        DefaultValueFactory = _ => [],
    };

    public static Option<string[]> Plugins() => new("--plugins")
    {
        Description = "Another folder with plugins, one folder each; repeatable. Also: the environment variable ORCHESTRATOR_PLUGINS.",
        HelpName = "dir",
        DefaultValueFactory = _ => [],
    };

    public static Option<string?> Data() => new("--data")
    {
        Description = "Where data sets lie. Also: the environment variable ORCHESTRATOR_DATA, then ./data.",
        HelpName = "dir",
    };

    public static Option<int> Threads(string description)
    {
        var threads = new Option<int>("--threads", "-t")
        {
            Description = description,
            HelpName = "n",
            DefaultValueFactory = _ => Environment.ProcessorCount,
        };
        threads.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && (!int.TryParse(result.Tokens[0].Value, out var value) || value is < 1 or > 1024))
            {
                result.AddError($"--threads: '{result.Tokens[0].Value}' is not a number of threads; 1 to 1024 are allowed.");
            }
        });
        return threads;
    }

    public static Option<string> Output() => new("--output", "-o")
    {
        Description = "Where run folders are made.",
        HelpName = "dir",
        DefaultValueFactory = _ => "runs",
    };

    public static Option<bool> Json() => new("--json") { Description = "Prints one JSON document on standard output, and nothing else there." };
}
