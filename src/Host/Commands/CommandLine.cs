using System.CommandLine;
using Orchestrator.Abstractions;
using Orchestrator.Composition;
using Orchestrator.Engine;
using Orchestrator.Results;
using Spectre.Console;

namespace Orchestrator.Host;

/// <summary>Parses the arguments, runs the command, and turns what a user can mend into one message and an exit code.</summary>
internal static class CommandLine
{
    public static int Run(IEnumerable<IVerb> verbs, Terminal terminal, string[] args)
    {
        var root = new RootCommand("Runs experiments in asynchronous distributed SGD from JSON pipelines, on a wall clock or a bit-exact virtual clock.\n\n"
            + "Examples:\n"
            + "  orchestrator run pipelines/quickstart.json\n"
            + "  orchestrator run pipelines/quickstart.json --set workers.count=16 --set optimizer.type=dana-zero\n"
            + "  orchestrator validate my.json\n"
            + "  orchestrator runs list");
        foreach (var verb in verbs)
        {
            root.Subcommands.Add(verb.Build());
        }

        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                terminal.Fail(error.Message);
            }

            terminal.Error.WriteLine($"'{parsed.CommandResult.Command.Name} --help' shows what is allowed.");
            return ExitCodes.BadInput;
        }

        try
        {
            // Signals has the process's signals; the library's own handler would cut a run short after two seconds.
            return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (UserException mistake)
        {
            terminal.Fail(mistake.Message);
            return mistake.ExitCode;
        }
        catch (Exception failure) when (failure is DataException or OptionException or PluginException)
        {
            terminal.Fail(failure.Message);
            return ExitCodes.BadInput;
        }
        catch (Exception failure) when (failure is RecorderException or EngineException or WorkerFailedException or TransportException)
        {
            terminal.Fail(failure.Message);
            return ExitCodes.Failed;
        }
    }
}
