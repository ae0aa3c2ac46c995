using System.Diagnostics;

namespace Orchestrator.Host.Tests;

/// <summary>
/// What was built is published without being built again, as one folder for all machines. The
/// ordinary publish restores and compiles; <c>.ci/run</c> tries it.
/// </summary>
public sealed class PublishTests
{
    [Fact]
    public async Task APublishedFolder_RunsFromAnywhere()
    {
        using var elsewhere = new Cli();
        var folder = Path.Combine(elsewhere.Folder, "published");
        var start = new ProcessStartInfo(
            "dotnet", ["publish", "src/Host", "-c", Cli.Configuration, "-o", folder, "--no-restore", "--no-build", "-p:Portable=true"])
        {
            WorkingDirectory = Cli.RepositoryRoot,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var publish = Process.Start(start)!;
        var output = publish.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await publish.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromMinutes(3), TestContext.Current.CancellationToken);
        Assert.True(publish.ExitCode == 0, await output);

        using var program = new Cli { Program = Path.Combine(folder, "orchestrator") };
        var summary = program.RunJson(program.Pipeline(Pipelines.Small), 0);

        Assert.Equal("completed", summary.GetProperty("status").GetString());

        // The pipelines come along, and are found by name.
        var shipped = program.RunJson("quickstart", 0, "--set", "stop.epochs=0.1");
        Assert.Equal("quickstart", shipped.GetProperty("name").GetString());
    }
}
