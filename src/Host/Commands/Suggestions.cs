using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Parsing;
using Orchestrator.Composition;
using Orchestrator.RunFolders;
using Orchestrator.Sweeps;

namespace Orchestrator.Host;

/// <summary>
/// What a shell offers for a word that is being typed: runs, sweeps, plugins, data sets, the shipped
/// pipelines, and the paths and words of a pipeline behind <c>--set</c>.
/// </summary>
internal sealed class Suggestions(PluginFolders folders, ProgramSettings settings)
{
    private const string ResumeName = "--resume";
    private const string PipelineName = "file";

    /// <summary>Gives the arguments and options of all commands what they can offer.</summary>
    public void AddTo(Command command)
    {
        foreach (var argument in command.Arguments)
        {
            if (Source(command, argument) is { } source)
            {
                // Otherwise help would list all that can be offered now.
                argument.HelpName ??= argument.Name;
                argument.CompletionSources.Add(source);
            }
        }

        foreach (var option in command.Options)
        {
            if (option.Name == CommonOptions.SetName)
            {
                option.CompletionSources.Add(Settings);
            }
            else if (option.Name == ResumeName)
            {
                option.CompletionSources.Add(Runs);
            }
        }

        foreach (var inner in command.Subcommands)
        {
            AddTo(inner);
        }
    }

    private Func<CompletionContext, IEnumerable<CompletionItem>>? Source(Command command, Argument argument) => (command.Name, argument.Name) switch
    {
        (ServeVerb.Name, "runs") => null,
        ("anatomy", "runs") => SweptPipelines,
        ("compare" or "analyze", "runs") => context => [.. Runs(context), .. SweptPipelines(context)],
        ("report", "run") => context => [.. Runs(context), .. Sweeps(context)],
        (_, "run" or "runs" or "id") => Runs,
        (_, "sweep") => Sweeps,
        ("run" or "validate", PipelineName) => _ => Items(ShippedPipelines.Names),
        ("get", "name") => _ => Items(Catalog().Of(PluginKind.Dataset).Select(plugin => plugin.Name)),
        ("show", "name") => _ => Items(Catalog().Plugins.Select(plugin => plugin.Name).Distinct()),
        _ => null,
    };

    private IEnumerable<CompletionItem> Runs(CompletionContext context) => Items(RunSearch.Names(Output(context)));

    // By the names of their pipelines, and by their ids.
    private IEnumerable<CompletionItem> Sweeps(CompletionContext context) => [.. SweptPipelines(context), .. Items(SweepFolder.All(Output(context)).Select(SweepSearch.IdOf))];

    private IEnumerable<CompletionItem> SweptPipelines(CompletionContext context) => Items(SweepFolder.All(Output(context)).Select(SweepSearch.NameOf).Distinct());

    private string Output(CompletionContext context) => Typed(context, CommonOptions.OutputName).FirstOrDefault() ?? settings.Output;

    private IEnumerable<CompletionItem> Settings(CompletionContext context)
    {
        var file = Typed(context, PipelineName).FirstOrDefault();
        return Items(PathSuggestions.Of(context.WordToComplete, Catalog(), file is null ? null : ShippedPipelines.PathOf(file), Typed(context, CommonOptions.SetName)));
    }

    // As it stands there, right or wrong.
    private static IEnumerable<string> Typed(CompletionContext context, string name)
    {
        var command = context.ParseResult.CommandResult;
        return command.Children.Where(child => child is OptionResult option ? option.Option.Name == name : child is ArgumentResult argument && argument.Argument.Name == name)
            .SelectMany(child => child.Tokens).Select(token => token.Value);
    }

    private PluginCatalog Catalog() => PluginCatalog.Read(folders.Plugins([]));

    private static IEnumerable<CompletionItem> Items(IEnumerable<string> words) => words.Select(word => new CompletionItem(word));
}
