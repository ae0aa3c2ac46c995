using System.CommandLine;
using System.Globalization;
using Orchestrator.RunFolders;
using Orchestrator.Runs;
using Orchestrator.Sweeps;

namespace Orchestrator.Host;

/// <summary>
/// <c>runs archive</c>, <c>runs rm</c> and <c>runs gc</c>: each says what it would do, and does it
/// with <c>--yes</c>.
/// </summary>
internal sealed class KeepRuns(Terminal terminal)
{
    private const string Cited = "What a ledger, a sweep's table or another run rests on stays, unless --force is given. Says what it would do; --yes does it.\n\n";

    private readonly Option<bool> yes = new("--yes", "-y") { Description = "Does it; without it nothing is changed." };
    private readonly Option<bool> force = new("--force") { Description = "Also runs that a ledger, a sweep's table or another run rests on." };
    private readonly Option<string> results = ComparisonOptions.Ledgers();

    public Command BuildArchive()
    {
        var selection = new RunSelection(terminal);
        var file = new Option<string>("--file", "-f") { Description = "The archive to make; one that is there is not written over.", HelpName = "file", Required = true }.ThatNames("file");
        var command = new Command("archive", "Packs run folders into one .tar.gz, compares it with them byte for byte, and removes them; 'tar xzf FILE -C runs' brings them back.\n"
            + Cited + "Examples:\n  orchestrator runs archive --where name=old-study --file old-study.tar.gz\n  orchestrator runs archive 3f2a --file 3f2a.tar.gz --yes");
        selection.AddTo(command);
        Add(command, file, yes, force, results);
        command.SetAction(parsed => Do(parsed, selection.Output(parsed), All(selection, parsed), "archived", runs =>
            Guarded(() => RunArchive.Write(parsed.GetValue(file)!, Path.GetFullPath(selection.Output(parsed)), runs))));
        return command;
    }

    public Command BuildRemove()
    {
        var selection = new RunSelection(terminal);
        var command = new Command("rm", "Removes run folders.\n" + Cited
            + "Examples:\n  orchestrator runs rm 3f2a 77bc\n  orchestrator runs rm --where status=failed --yes");
        selection.AddTo(command);
        Add(command, yes, force, results);
        command.SetAction(parsed => Do(parsed, selection.Output(parsed), All(selection, parsed), "removed", _ => true));
        return command;
    }

    public Command BuildCollect()
    {
        var output = CommonOptions.Output();
        output.Description = "Where run folders lie.";
        var command = new Command("gc", "Removes runs that nobody needs: attempts where another attempt at the same completed, completed ones whose digest another has, and what interrupted commands left.\n"
            + "What a ledger, a sweep or another run rests on, what is tagged, noted or running, or cannot be read, stays. Says what it would do; --yes does it.\n\nExamples:\n  orchestrator runs gc\n  orchestrator runs gc --yes");
        Add(command, output, yes, results);
        command.SetAction(parsed =>
        {
            var place = parsed.GetValue(output)!;
            var listing = RunReader.List(place);
            listing.Problems.ToList().ForEach(terminal.Warn);
            var unneeded = Garbage.Find(listing.Runs, CitationsOf(parsed, place));
            var code = Do(parsed, place, [.. unneeded.Select(run => (run.Run, (string?)run.Reason))], "removed", _ => true);
            foreach (var left in Garbage.Leftovers(place))
            {
                Terminal.Line($"{Path.GetRelativePath(place, left)}  {SweepViews.Size(RunRemoval.SizeOf(left))}  left by an interrupted command");
                if (parsed.GetValue(yes) && !Guarded(() => Directory.Delete(left, recursive: true)))
                {
                    code = ExitCodes.Failed;
                }
            }

            return code;
        });
        return command;
    }

    private static void Add(Command command, params Option[] options)
    {
        foreach (var option in options)
        {
            command.Options.Add(option);
        }
    }

    private static IReadOnlyList<(RunEntry Run, string? Reason)> All(RunSelection selection, ParseResult parsed) => [.. selection.Find(parsed).Select(run => (run, (string?)null))];

    private Citations CitationsOf(ParseResult parsed, string output)
    {
        var problems = new List<string>();
        var ledger = Ledger.Read(parsed.GetValue(results)!, null, problems);
        problems.ForEach(terminal.Warn);
        return Citations.Of(output, ledger, RunReader.List(output).Runs);
    }

    // Lists what is to go, with its size; what is cited stays, and counts as refused where it was
    // meant.
    private int Do(ParseResult parsed, string output, IReadOnlyList<(RunEntry Run, string? Reason)> meant, string done, Func<IReadOnlyList<RunEntry>, bool> before)
    {
        var (going, bytes, refused) = (new List<RunEntry>(), 0L, 0);
        var idle = meant.Select(run => run.Run).Where(run => run.Status != Abstractions.RunStatus.Running);
        var cited = parsed.GetValue(force) ? new Dictionary<string, string>() : CitationsOf(parsed, output).Staying(idle);
        foreach (var (run, reason) in meant)
        {
            var (name, size) = ($"{run.Name}/{run.Id}-{run.Attempt}", RunRemoval.SizeOf(run.Folder));
            var cause = run.Status == Abstractions.RunStatus.Running ? "a process has it" : cited.GetValueOrDefault(run.Folder);
            if (cause is not null)
            {
                terminal.Warn($"{name} stays: {cause}{(run.Status == Abstractions.RunStatus.Running ? "" : "; --force takes it all the same")}.");
                refused++;
                continue;
            }

            Terminal.Line($"{name}  {SweepViews.Size(size)}{(reason is null ? "" : "  " + reason)}");
            going.Add(run);
            bytes += size;
        }

        if (!parsed.GetValue(yes))
        {
            terminal.Note(string.Create(CultureInfo.InvariantCulture, $"{going.Count} runs, {SweepViews.Size(bytes)}, would be {done}; nothing was changed. --yes does it."));
            return ExitCodes.Ok;
        }

        if (going.Count > 0 && !before(going))
        {
            return ExitCodes.Failed;
        }

        var gone = going.Count(run => Guarded(() =>
        {
            if (!RunRemoval.TryRemove(run))
            {
                throw new IOException($"{run.Folder}: a process has it; it stays.");
            }
        }));
        terminal.Note(string.Create(CultureInfo.InvariantCulture, $"{gone} runs, {SweepViews.Size(bytes)}, were {done}."));
        return refused > 0 || gone < going.Count ? ExitCodes.Failed : ExitCodes.Ok;
    }

    private bool Guarded(Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            terminal.Fail(failure.Message);
            return false;
        }
    }
}
