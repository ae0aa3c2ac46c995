using System.CommandLine;
using Microsoft.Extensions.Hosting;
using Orchestrator.Composition;
using Orchestrator.Runs;
using Orchestrator.Sweeps;

namespace Orchestrator.Host;

/// <summary><c>vectors DIR</c>: what every update rule does, for other implementations.</summary>
internal sealed class VectorsVerb(Terminal terminal, IHostApplicationLifetime lifetime, PluginFolders folders) : IVerb
{
    private const string Shipped = "vectors";

    public Command Build()
    {
        var folder = new Argument<string>("folder") { Description = "Where the files are written; it is made where it is not there." }.ThatNames(NameRules.Folder);
        var command = new Command(
            "vectors",
            "Writes conformance vectors: of each update rule a trajectory on a fixed schedule, exact to the bit, as .npz and as JSON, with a README that defines every field\n"
            + "and checkers for NumPy and PyTorch, so that anybody's implementation of a rule can be checked. The same program writes the same bytes.\n\n"
            + "Example:\n"
            + "  orchestrator vectors vectors && python3 vectors/check_numpy.py vectors\n\n"
            + "Exit codes: 0 all were written; 1 they could not be; 130 it was interrupted.")
        {
            folder,
        };
        command.SetAction(parsed =>
        {
            var asked = new PipelineRequest(folders.Data(null)) { Cores = 1 };
            var template = PipelineTemplate.Read(ShippedPipelines.PathOf(Shipped), folders.Read([]), asked, out var mistakes)!;
            var plan = new SweepPlanner(template, asked).Plan(mistakes).OrThrow();
            var into = Path.GetFullPath(parsed.GetValue(folder)!);
            Directory.CreateDirectory(into);
            foreach (var file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, Shipped)))
            {
                File.Copy(file, Path.Combine(into, Path.GetFileName(file)), overwrite: true);
            }

            var options = new RunOptions(folders.Data(null)) { Cores = 1, Checkpoints = CheckpointRule.Never };
            List<string> names = [.. plan.Cells.Select(cell => string.Join('-', cell.Values.Select(value => value.Text)))];
            foreach (var (name, cell) in names.Zip(plan.Cells))
            {
                if (!ConformanceVectors.TryWrite(cell.Pipeline, name, into, options, lifetime.ApplicationStopping))
                {
                    return ExitCodes.Cancelled;
                }
            }

            ConformanceVectors.List(names, into);
            Facts.Fact(terminal.Out, "trajectories", $"{plan.Cells.Count}, each as .npz and .json");
            Facts.Fact(terminal.Out, "folder", into);
            return ExitCodes.Ok;
        });
        return command;
    }
}
