using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Hosting;
using Orchestrator.Reports;
using Orchestrator.RunFolders;
using Orchestrator.Runs;
using Orchestrator.Sweeps;

namespace Orchestrator.Host;

/// <summary><c>landscape RUN...</c>: the test loss around what runs went through.</summary>
internal sealed partial class LandscapeVerb(Terminal terminal, PluginFolders folders, IHostApplicationLifetime lifetime) : IVerb
{
    private const int MostPlaces = 1000;

    private readonly Argument<string[]> operands = new Argument<string[]>("runs")
    {
        Description = "Runs, a sweep, a folder of runs or a pipeline's name; all of one model and data. Their pipelines have snapshots.",
        Arity = ArgumentArity.OneOrMore,
    }.ThatNames("run");

    private readonly Option<string> grid = new("--grid") { Description = "Places along the two directions, 2 to 1000 each, as NxM.", HelpName = "nxm", DefaultValueFactory = _ => "25x25" };

    private readonly Option<double?> extent = new("--extent")
    {
        Description = "Half of the grid: of the box around the trajectories, 1.25 when not given; with random directions in lengths of the trained filters, 1 when not given.",
        HelpName = "number",
    };

    private readonly Option<string> directions = new Option<string>("--directions")
    {
        Description = "pca: the plane in which the snapshots vary most; random: two random directions, normalised by filter, around the last parameters of the first run.",
        HelpName = "pca|random",
        DefaultValueFactory = _ => "pca",
    }.AcceptOnlyFromAmong("pca", "random");

    private readonly Option<long> seed = new("--seed") { Description = "Of random directions.", HelpName = "number", DefaultValueFactory = _ => 1 };

    private readonly Option<bool> dry = new("--dry-run") { Description = "Says what there is to compute and how long it would take, and computes one place." };

    public Command Build()
    {
        var (threads, output, ledgers) = (CommonOptions.Threads("Compute threads, 1 to 1024. Changes no result."), CommonOptions.Output(), ComparisonOptions.Ledgers());
        output.Description = "Where run folders lie; landscapes are kept in its folder landscapes.";
        var (data, plugins, json) = (CommonOptions.Data(), CommonOptions.Plugins(), CommonOptions.Json());
        var command = new Command("landscape", "Draws the test loss around what runs went through: a plane in parameter space, the loss on a grid of it, as a surface and from above with the runs' ways, as\n"
            + "one page that opens from disk, figures (SVG) and numbers (JSON). What was computed is kept: the same command goes on where it was stopped.\n\n"
            + "Examples:\n"
            + "  orchestrator run my.json --set snapshots.everyEpochs=0.25\n"
            + "  orchestrator landscape 3f2a --dry-run\n"
            + "  orchestrator landscape runs/momenta --grid 50x50 --extent 1.5\n"
            + "  orchestrator landscape 3f2a --directions random --seed 7 --json\n\n"
            + "Exit codes: 0 it was drawn; 1 a file cannot be written; 64 an argument is wrong or there is no plane; 130 it was interrupted.")
        {
            operands, grid, extent, directions, seed, dry, threads, output, ledgers, data, plugins, json,
        };
        command.SetAction(parsed =>
        {
            var runs = Runs(parsed.GetValue(output)!, parsed.GetValue(ledgers)!, parsed.GetValue(operands)!);
            var terms = Terms(parsed);
            using var computation = new LandscapeComputation(
                runs, RunLoss.Of(runs[0], folders.Read(parsed.GetValue(plugins)!), folders.Data(parsed.GetValue(data)), parsed.GetValue(threads)), terms,
                Path.Combine(parsed.GetValue(output)!, "landscapes"));
            return parsed.GetValue(dry) ? Forecast(computation, parsed.GetValue(json)) : Draw(computation, parsed.GetValue(json));
        });
        return command;
    }

    private List<RunEntry> Runs(string output, string ledgers, string[] texts)
    {
        var (runs, problems) = (new List<RunEntry>(), new List<string>());
        foreach (var text in texts)
        {
            if (RunSearch.TryFind(output, text, out var run, out _))
            {
                runs.Add(run);
                continue;
            }

            var notes = new List<string>();
            var found = AnalyzedRuns.Find(output, ledgers, [text], notes, problems).Select(records => RunReader.Read(Path.Combine(output, records.Facts.Title)));
            runs.AddRange(found.OfType<RunEntry>());
            notes.ForEach(terminal.Warn);
        }

        runs = [.. runs.DistinctBy(run => run.Folder)];
        problems.AddRange(runs.Where(run => !File.Exists(Path.Combine(run.Folder, Safetensors.ParametersFileName)))
            .Select(run => $"{run.Folder}: it has no final parameters; a run that has ended in order has."));
        return problems.Count == 0 && runs.Count > 0 ? runs : throw new UserException(problems.Count > 0 ? string.Join('\n', problems) : "None of these runs can be read.");
    }

    private LandscapeTerms Terms(ParseResult parsed)
    {
        var text = parsed.GetValue(grid)!;
        var reach = parsed.GetValue(extent);
        if (Grid().Match(text) is not { Success: true } size || Side(size.Groups[1].Value) is not { } columns || Side(size.Groups[2].Value) is not { } rows)
        {
            throw new UserException($"--grid: '{text}' is no grid; NxM with 2 to {MostPlaces} each is expected, such as 25x25.");
        }

        return reach is null or (> 0 and <= 1000)
            ? new LandscapeTerms(columns, rows, parsed.GetValue(directions) == "random", reach, parsed.GetValue(seed))
            : throw new UserException(string.Create(CultureInfo.InvariantCulture, $"--extent: {reach} is out of range; above 0 to 1000 is allowed."));
    }

    private int Forecast(LandscapeComputation computation, bool isJson)
    {
        var left = computation.Places - computation.Done;
        var seconds = left * computation.Probe(lifetime.ApplicationStopping);
        if (isJson)
        {
            Terminal.Line(new JsonObject { ["id"] = computation.Id, ["folder"] = computation.Folder, ["places"] = computation.Places, ["done"] = computation.Done, ["secondsLeft"] = Math.Round(seconds, 1) }.ToJsonString());
            return ExitCodes.Ok;
        }

        Facts.Fact(terminal.Out, "places", string.Create(CultureInfo.InvariantCulture, $"{computation.Places:N0}: {computation.Done:N0} known, {left:N0} left"));
        Facts.Fact(terminal.Out, "time", $"about {SweepViews.Duration(seconds)}, from one place computed now");
        Facts.Fact(terminal.Out, "folder", computation.Folder);
        return ExitCodes.Ok;
    }

    private int Draw(LandscapeComputation computation, bool isJson)
    {
        Landscape landscape;
        var (before, watch) = (computation.Done, Stopwatch.StartNew());
        try
        {
            landscape = computation.Run(done => Progress(computation, done), lifetime.ApplicationStopping);
        }
        catch (OperationCanceledException)
        {
            terminal.Note(string.Create(CultureInfo.InvariantCulture, $"{computation.Done:N0} of {computation.Places:N0} places are known; the same command goes on there."));
            return ExitCodes.Cancelled;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            terminal.Fail($"{computation.Folder}: {refused.Message}");
            return ExitCodes.Failed;
        }

        var page = LandscapeReport.Write(landscape, computation.Folder);
        if (isJson)
        {
            var document = landscape.ToJson();
            document["folder"] = computation.Folder;
            document["page"] = page;
            Terminal.Line(document.ToJsonString());
            return ExitCodes.Ok;
        }

        Facts.Title(terminal.Out, "landscape", landscape.Id, "green", "drawn");
        Facts.Fact(terminal.Out, "variance", landscape.Explained is { } shares ? string.Create(CultureInfo.InvariantCulture, $"{100 * shares.First:F1} % and {100 * shares.Second:F1} % of the snapshots' along x and y") : "random directions");
        Facts.Fact(terminal.Out, "loss", string.Create(CultureInfo.InvariantCulture, $"{landscape.Loss.Where(double.IsFinite).DefaultIfEmpty(double.NaN).Min():G4} to {landscape.Loss.Where(double.IsFinite).DefaultIfEmpty(double.NaN).Max():G4}"));
        foreach (var way in landscape.Trajectories)
        {
            Facts.Fact(terminal.Out, "run", string.Create(CultureInfo.InvariantCulture, $"{way.Label}: {way.Points[0].Loss:G4} to {way.Points[^1].Loss:G4}{(way.Settings.Count > 0 ? $" ({way.Run})" : "")}"));
        }

        Facts.Fact(terminal.Out, "time", string.Create(CultureInfo.InvariantCulture, $"{watch.Elapsed.TotalSeconds:N1} s for {computation.Done - before:N0} places{(before > 0 ? $"; {before:N0} were known" : "")}"));
        Facts.Fact(terminal.Out, "folder", computation.Folder);
        Facts.Fact(terminal.Out, "page", page);
        return ExitCodes.Ok;
    }

    // Each tenth, and the last.
    private void Progress(LandscapeComputation computation, int done)
    {
        if (done * 10L / computation.Places > (done - 1) * 10L / computation.Places)
        {
            terminal.Note(string.Create(CultureInfo.InvariantCulture, $"{done:N0} of {computation.Places:N0} places"));
        }
    }

    private static int? Side(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var side) && side is >= 2 and <= MostPlaces ? side : null;

    [GeneratedRegex("^([0-9]+)x([0-9]+)$")]
    private static partial Regex Grid();
}
