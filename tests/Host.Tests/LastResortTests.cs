namespace Orchestrator.Host.Tests;

/// <summary>
/// Faults of the program itself: real ones, of processes with a fault put into them.
/// </summary>
public sealed class LastResortTests : IDisposable
{
    private readonly Cli program = new();

    [Theory]
    [InlineData("thread", "a fault on a thread")]
    [InlineData("command", "a fault of a command")]
    public void AnInternalError_IsASentence_AHint_AndACodeOfItsOwn(string fault, string message)
    {
        var ended = Run(fault);

        Assert.Equal(70, ended.ExitCode);
        Assert.Contains($"error: an internal error: InvalidOperationException: {message}", ended.Error);
        Assert.Contains("Please report it", ended.Error);
        Assert.DoesNotContain("   at ", ended.Error + ended.Output);
        Assert.DoesNotContain("Unhandled", ended.Error + ended.Output);
    }

    [Fact]
    public void TheStack_IsPrintedForWhoAsks() =>
        Assert.Contains("   at Orchestrator.Host.", Run("command", ("ORCHESTRATOR_LOGGING__LOGLEVEL__DEFAULT", "Debug")).Error);

    public void Dispose() => program.Dispose();

    private Cli.Ended Run(string fault, params (string Name, string Value)[] variables)
    {
        var all = variables.ToDictionary(v => v.Name, v => v.Value);
        all["DOTNET_STARTUP_HOOKS"] = typeof(StartupHook).Assembly.Location;
        all[StartupHook.Variable] = fault;
        using var process = program.StartWith(all, "runs", "list", "--json");
        return process.End();
    }
}
