using System.Globalization;
using System.Text.Json.Nodes;
using Orchestrator.Abstractions;
using Orchestrator.Composition;
using Orchestrator.Reports;
using Orchestrator.RunFolders;
using Orchestrator.Runs;

namespace Orchestrator.Host;

/// <summary>
/// Runs the pipeline that a report holds again, in a folder that goes away, and compares the digest
/// and every number that the page draws.
/// </summary>
internal sealed class PageVerification(Terminal terminal, PluginCatalog catalog, RunOptions options)
{
    private const string Exact = "exact";

    public int Run(string file, bool isJson, CancellationToken stop)
    {
        var page = Read(file);
        var output = Directory.CreateTempSubdirectory("orchestrator-verify-").FullName;
        try
        {
            var pipeline = Pipeline(file, page);
            var again = new RunSession(pipeline, options).Start(output, stop);
            if (again.Status == RunStatus.Interrupted)
            {
                return Tell(isJson, page, "interrupted", null, 0);
            }

            var problems = new List<string>();
            var data = RunReport.Data(RunReader.Read(again.Folder)!, problems);
            problems.ForEach(terminal.Warn);
            var numbers = 0L;
            var difference = again.Digest != page.Digest ? ("digest", page.Digest!, again.Digest ?? "none: " + again.Message) : PageComparison.Difference(page.Data, data, out numbers);
            var kernels = RunReader.Read(again.Folder)!.Document!.Run.KernelPath;
            if (difference is not null && (kernels != page.KernelPath || RunSession.ProgramVersion != page.ProgramVersion))
            {
                terminal.Warn($"the page is of program {page.ProgramVersion} with kernel path {page.KernelPath}; this is {RunSession.ProgramVersion} with {kernels}.");
                return Tell(isJson, page, "inconclusive", difference, numbers);
            }

            // With an equal digest the run is the same, and the page is not its.
            if (difference is not null && again.Digest != page.Digest && pipeline.NamedFiles.Count > 0)
            {
                terminal.Warn($"the pipeline names {string.Join(", ", pipeline.NamedFiles.Keys)}: where a file that the pipeline names holds something else than then, so may the run; the page does not say.");
                return Tell(isJson, page, "inconclusive", difference, numbers);
            }

            return Tell(isJson, page, difference is null ? Exact : "different", difference, numbers);
        }
        finally
        {
            Directory.Delete(output, recursive: true);
        }
    }

    private static RunOfPage Read(string file)
    {
        try
        {
            var page = RunOfPage.Read(file);
            return page switch
            {
                { IsVirtual: false } => throw new RunRefusedException($"{file}: the run was on the wall clock, whose order of arrivals is in its folder and not in its page; allowed: the run's folder."),
                { Digest: null } => throw new RunRefusedException($"{file}: the run did not end in order, and has no digest to compare; allowed: the run's folder."),
                _ => page,
            };
        }
        catch (Exception unreadable) when (unreadable is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new RunRefusedException(unreadable.Message.StartsWith(file, StringComparison.Ordinal) ? unreadable.Message : $"{file}: {unreadable.Message}");
        }
    }

    private ResolvedPipeline Pipeline(string file, RunOfPage page)
    {
        var pipeline = PipelineLoading.Parse(page.Pipeline, catalog, options.Data, options.Cores).OrThrow();
        return pipeline.Id == page.Id
            ? pipeline
            : throw new RunRefusedException($"{file}: the pipeline in the page is not that of its run: its id is {pipeline.Id}, the run's is {page.Id}. A plugin or a file that it names may have changed.");
    }

    private int Tell(bool isJson, RunOfPage page, string verdict, (string Place, string Before, string Now)? difference, long numbers)
    {
        if (isJson)
        {
            Terminal.Line(new JsonObject
            {
                ["id"] = page.Id,
                ["attempt"] = page.Attempt,
                ["name"] = page.Name,
                ["verdict"] = verdict,
                ["numbers"] = numbers,
                ["digest"] = page.Digest,
                ["difference"] = difference is not { } d ? null : new JsonObject { ["place"] = d.Place, ["recorded"] = d.Before, ["replayed"] = d.Now },
            }.ToJsonString());
        }
        else
        {
            var colour = verdict switch { Exact => "green", "different" => "red", _ => "yellow" };
            Facts.Title(terminal.Out, $"verification of {page.Name}", string.Create(CultureInfo.InvariantCulture, $"{page.Id}-{page.Attempt}"), colour, verdict);
            if (difference is { } found)
            {
                Facts.Fact(terminal.Out, "differs at", $"{found.Place}: {found.Before} on the page, {found.Now} now");
            }
            else if (verdict == Exact)
            {
                Facts.Fact(terminal.Out, "equal", string.Create(CultureInfo.InvariantCulture, $"{numbers:N0} numbers of the page, digest"));
            }
        }

        return VerifyVerb.ExitCode(verdict);
    }
}
