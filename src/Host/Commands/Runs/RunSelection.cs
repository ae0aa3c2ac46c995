using System.CommandLine;
using Orchestrator.RunFolders;
using Orchestrator.Sweeps;

namespace Orchestrator.Host;

/// <summary>
/// The runs that a command is about: named one by one, or all for which conditions hold.
/// </summary>
internal sealed class RunSelection(Terminal terminal)
{
    private readonly Argument<string[]> runs = new Argument<string[]>("runs") { Description = "The runs: ids, the beginnings of ids, id-attempt, or folders.", Arity = ArgumentArity.ZeroOrMore }.ThatNames("run");
    private readonly Option<string[]> where = Where();
    private readonly Option<string> output = CommonOptions.Output();

    /// <summary>Conditions, all of which hold.</summary>
    public static Option<string[]> Where() => new Option<string[]>("--where", "-w")
    {
        Description = "Only runs for which this holds: NAME=VALUE, also !=, <, <=, >, >=, ~ (contains); repeatable, all must hold. NAME is a setting's path, tag, or a column of 'runs query'.",
        HelpName = "condition",
        DefaultValueFactory = _ => [],
    }.ThatNames("condition");

    public void AddTo(Command command)
    {
        output.Description = "Where run folders lie.";
        command.Add(runs);
        command.Add(where);
        command.Add(output);
    }

    public string Output(ParseResult parsed) => parsed.GetValue(output)!;

    /// <exception cref="UserException">None is named, one is not there, or there are both names and
    /// conditions.</exception>
    public IReadOnlyList<RunEntry> Find(ParseResult parsed)
    {
        var (named, conditions) = (parsed.GetValue(runs)!, parsed.GetValue(where)!);
        if (named.Length > 0 == conditions.Length > 0)
        {
            throw new UserException("runs: either runs are named, or --where says which.");
        }

        if (conditions.Length > 0)
        {
            return Find(terminal, Output(parsed), conditions);
        }

        var (found, problems) = (new List<RunEntry>(), new List<string>());
        foreach (var query in named)
        {
            if (RunSearch.TryFind(Output(parsed), query, out var run, out var problem))
            {
                found.Add(run);
            }
            else
            {
                problems.Add(problem);
            }
        }

        return problems.Count == 0 ? [.. found.DistinctBy(run => run.Folder)] : throw new UserException(string.Join('\n', problems));
    }

    /// <summary>The runs for which conditions hold, the oldest first.</summary>
    public static IReadOnlyList<RunEntry> Find(Terminal terminal, string output, string[] conditions)
    {
        List<RunCondition> parsed = [.. conditions.Select(RunCondition.Parse)];
        using var index = Open(terminal, output);
        var paths = index.Paths();
        parsed.ForEach(condition => condition.Check(paths));
        return [.. index.Where(parsed).AsParallel().AsOrdered().Select(RunReader.Read).OfType<RunEntry>()];
    }

    /// <summary>The index, with warnings of what cannot be read.</summary>
    public static RunIndex Open(Terminal terminal, string output)
    {
        var problems = new List<string>();
        var index = RunIndex.Open(output, problems);
        problems.ForEach(terminal.Warn);
        return index;
    }
}
