using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using Orchestrator.Abstractions;
using Orchestrator.Composition;
using Orchestrator.Engine;
using Orchestrator.RunFolders;
using Orchestrator.Runs;
using Spectre.Console;
namespace Orchestrator.Host;

/// <summary>
/// Parses the arguments, runs the command, and turns what a user can mend into one message and an
/// exit code.
/// </summary>
internal static class CommandLine
{
    public static int Run(IEnumerable<IVerb> verbs, ProgramSettings settings, Suggestions suggestions, Terminal terminal, string[] args)
    {
        var root = new RootCommand("Runs experiments in asynchronous distributed SGD from JSON pipelines, on a wall clock or a bit-exact virtual clock.\n\n"
            + "Examples:\n"
            + "  orchestrator run pipelines/quickstart.json\n"
            + "  orchestrator run pipelines/quickstart.json --set workers.count=16 --set optimizer.momentum=0\n"
            + "  orchestrator validate my.json\n"
            + "  orchestrator runs list");
        foreach (var verb in verbs)
        {
            root.Subcommands.Add(verb.Build());
        }

        CommonOptions.Default(root, settings);
        suggestions.AddTo(root);

        // A file may be called @exp.json: what begins with @ is no list of arguments.
        var parsed = root.Parse(args.Length == 0 ? ["--help"] : args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0)
        {
            foreach (var message in Mistakes(parsed))
            {
                terminal.Fail(message);
            }

            terminal.Error.WriteLine($"'{Path(parsed.CommandResult)} --help' shows what is allowed.");
            return ExitCodes.BadInput;
        }

        if (parsed.Action is HelpAction)
        {
            // In the list of commands each has a sentence; the rest stands in its own help.
            foreach (var inner in parsed.CommandResult.Command.Subcommands)
            {
                inner.Description = FirstSentence(inner.Description ?? "");
            }
        }

        try
        {
            // Signals has the process's signals; the library's own handler would cut a run short
            // after two seconds.
            return parsed.Invoke(new InvocationConfiguration { Output = Terminal.Document, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (UserException mistake)
        {
            terminal.Fail(mistake.Message);
            return mistake.ExitCode;
        }
        catch (RunRefusedException refused) when (refused.Mistakes.Count > 0 && WantsJson(parsed))
        {
            // For whoever reads standard error, too: a log often has nothing else.
            terminal.Fail(refused.Message);
            Terminal.Line(ValidateVerb.Json(new PipelineResult(null, refused.Mistakes)));
            return ExitCodes.BadInput;
        }
        catch (Exception failure) when (failure is RunRefusedException or DataException or OptionException or PluginException)
        {
            terminal.Fail(failure.Message);
            return ExitCodes.BadInput;
        }
        catch (Exception failure) when (failure is RecorderException or EngineException or WorkerFailedException or TransportException or LaunchException)
        {
            terminal.Fail(failure.Message);
            return ExitCodes.Failed;
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            // The system's word, not a fault of the program: a full disk, a folder of somebody else.
            terminal.Fail(refusal.Message);
            return ExitCodes.Failed;
        }
    }

    private static string FirstSentence(string text)
    {
        var paragraph = text.Split("\n\n")[0].Replace('\n', ' ');
        var end = paragraph.IndexOf(". ", StringComparison.Ordinal);
        return end < 0 ? paragraph : paragraph[..(end + 1)];
    }

    private static IEnumerable<string> Mistakes(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;

        // What begins like an option was meant as one, although an argument would take it.
        List<string> options = [.. parsed.CommandResult.Tokens.Select(t => t.Value).Concat(parsed.UnmatchedTokens).Where(NameRules.IsLikeAnOption)];
        if (options.Count > 0)
        {
            var allowed = command.Options.SelectMany(o => o.Aliases.Prepend(o.Name)).ToList();
            return options.Select(token => $"'{token}' is no option of '{Path(parsed.CommandResult)}'{Nearest(token, allowed)}");
        }

        if (command.Subcommands.Count > 0)
        {
            var names = command.Subcommands.Select(c => c.Name).ToList();
            return parsed.UnmatchedTokens.Count > 0
                ? [$"'{parsed.UnmatchedTokens[0]}' is no command of '{Path(parsed.CommandResult)}'{Nearest(parsed.UnmatchedTokens[0], names)}"]
                : [$"'{Path(parsed.CommandResult)}' needs a command: {string.Join(", ", names)}"];
        }

        var takesValues = command.Options.Any(option => option.Name == CommonOptions.SetName);
        return parsed.UnmatchedTokens.Count > 0
            ? parsed.UnmatchedTokens.Select(token => $"'{token}' is one argument too many for '{Path(parsed.CommandResult)}'{(takesValues ? Setting(token) : "")}")
            : parsed.Errors.Select(error => error.Message);
    }

    private static bool WantsJson(ParseResult parsed) =>
        parsed.CommandResult.Command.Options.FirstOrDefault(option => option.Name == CommonOptions.JsonName) is Option<bool> json && parsed.GetValue(json);

    // As other programs take it.
    private static string Setting(string token) =>
        char.IsAsciiLetter(token[0]) && token.Contains('=', StringComparison.Ordinal) ? $"; a value of the pipeline is set with {CommonOptions.SetName} {token}" : "";

    private static string Nearest(string token, List<string> allowed) => NearestMatch.Find(token, allowed) is { } match ? $"; did you mean '{match}'?" : "";

    private static string Path(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{Path(parent)} {result.Command.Name}" : result.Command.Name;
}
