using System.Runtime.Versioning;

namespace Orchestrator.Host.Tests;

/// <summary>
/// A run whose hosts and server are killed at random moments until it has had its share; a killed
/// server's run is resumed.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class DisturbedRun(Cli program, SoakCase @case, string transport, Random random)
{
    private const int Kill = 9;
    private const int LongestPause = 450;
    private const int Glance = 5;

    private readonly string output = Path.Combine(program.Folder, transport);

    /// <summary>Hosts that were killed.</summary>
    public int Hosts { get; private set; }

    /// <summary>Servers that were killed.</summary>
    public int Servers { get; private set; }

    /// <summary>Runs to the end, with at most so many kills.</summary>
    /// <returns>The run's digest.</returns>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public string Digest(int hosts, int servers)
    {
        string[] where =
            [
                "--json", "--quiet", "--output", output, "--threads", "2", "--checkpoint-updates", "40",
                .. transport == "in-process" ? [] : new[] { "--hosts", "2" }];
        var run = program.Start(
            ["run", program.Pipeline(SoakCase.Pipeline, $"{transport}.json"), .. where, "--set", $"transport.type={transport}", .. @case.Arguments]);
        try
        {
            // The first kill is made as soon as there is something to kill: the whole run may be
            // shorter than a pause.
            while (!run.EndsWithin(Hosts + Servers == 0 ? Glance : random.Next(20, LongestPause)))
            {
                if (Servers < servers && Folder() is { } folder && (hosts == 0 || random.Next(2) == 0))
                {
                    run.Signal(Kill);
                    run.End();
                    Servers++;
                    if (Finished(folder) is { } digest)
                    {
                        return digest;
                    }

                    var resumed = program.Start(["run", "--resume", folder, .. where]);
                    run.Dispose();
                    run = resumed;
                }
                else if (Hosts < hosts && ChildProcesses.Of(run.Id) is { Count: > 0 } children)
                {
                    Cli.Running.Signal(children[random.Next(children.Count)], Kill);
                    Hosts++;
                }
            }

            var ended = run.End();
            return ended.ExitCode == 0
                ? Cli.Summary(ended.Output).GetProperty("digest").GetString()!
                : throw new InvalidOperationException($"{@case.Name} over {transport} ended with exit code {ended.ExitCode}: {ended.Error}");
        }
        finally
        {
            run.Dispose();
            Directory.Delete(output, recursive: true);
        }
    }

    // A run may be killed after its last word; then there is nothing to go on with, and the digest
    // is there.
    private string? Finished(string folder)
    {
        var shown = Cli.Summary(program.Run("runs", "show", folder, "--json").Output);
        return shown.GetProperty("status").GetString() == "completed" ? shown.GetProperty("digest").GetString() : null;
    }

    // The run's folder, once there is a checkpoint to go on from.
    private string? Folder() =>
        Directory.Exists(output) && Directory.EnumerateFiles(output, "*.checkpoint", SearchOption.AllDirectories).FirstOrDefault() is { } checkpoint
        ? Path.GetDirectoryName(Path.GetDirectoryName(checkpoint))
        : null;
}
