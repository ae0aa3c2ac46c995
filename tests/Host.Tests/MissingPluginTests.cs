namespace Orchestrator.Host.Tests;

/// <summary>
/// A sweep that was begun with plugins of a folder that is named on the command line, and what is
/// said of it where the folder is not named again.
/// </summary>
public sealed class MissingPluginTests : IDisposable
{
    private const string Reason = ": it cannot be read without the plugin delay 'prints', which is in no plugin folder: give its folder with --plugins DIR, or in ORCHESTRATOR_PLUGINS.";

    private static readonly string Fixture = Path.Combine(AppContext.BaseDirectory, "fixtures", "Mixed");

    private readonly Cli program = new();

    public void Dispose() => program.Dispose();

    [Fact]
    public void ASweep_IsReadWithItsPluginsOnly_AndTheReasonComesFirst()
    {
        var sweep = Sweep("small", "--set", "workers.delay=prints", "--plugins", Fixture);
        foreach (var command in new[] { "sweep status small", "sweep why 1", "sweep verify small", "report small" })
        {
            string[] arguments = [.. command.Split(' '), "--output", program.Runs];
            var without = program.Run(arguments);
            Assert.Equal(64, without.ExitCode);
            Assert.StartsWith($"error: {sweep}{Reason}", without.Error, StringComparison.Ordinal);
            Assert.Empty(without.Output);

            using var with = program.StartWith(new Dictionary<string, string> { ["ORCHESTRATOR_PLUGINS"] = Fixture }, arguments);
            var ended = with.End();
            Assert.True(ended.ExitCode == 0, $"{command}\n{ended.Output}\n{ended.Error}");
        }
    }

    [Fact]
    public void WhereNoSweepCanBeRead_ItIsNotSaidThatThereIsNone()
    {
        var sweep = Sweep("small", "--set", "workers.delay=prints", "--plugins", Fixture);
        var none = program.Run("sweep", "status", "--output", program.Runs);
        Assert.Equal(64, none.ExitCode);
        Assert.Empty(none.Output);
        Assert.StartsWith($"warning: {sweep}{Reason}", none.Error, StringComparison.Ordinal);
        Assert.EndsWith($"error: {program.Runs}: its sweep cannot be read.\n", none.Error, StringComparison.Ordinal);

        Sweep("another");
        var one = program.Run("sweep", "status", "--output", program.Runs);
        Assert.Equal(0, one.ExitCode);
        Assert.StartsWith($"warning: {sweep}{Reason}", one.Error, StringComparison.Ordinal);
        Assert.Contains("another", one.Output, StringComparison.Ordinal);
    }

    // Its folder.
    private string Sweep(string name, params string[] more)
    {
        var file = program.Pipeline(Pipelines.Small.Replace("\"small\"", $"\"{name}\"", StringComparison.Ordinal));
        var ended = program.Run(["run", file, "--axis", "workers.count=1,2", "--set", "stop.updates=5", "--quiet", "--output", program.Runs, .. more]);
        Assert.True(ended.ExitCode == 0, $"{ended.Output}\n{ended.Error}");
        return Directory.GetDirectories(Path.Combine(program.Runs, name), "sweep-*").Single();
    }
}
