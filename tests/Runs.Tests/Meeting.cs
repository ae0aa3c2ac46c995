namespace Orchestrator.Runs.Tests;

/// <summary>
/// A console that lets training begin only when all have come that far, so that runs are sure to be
/// under way at the same time.
/// </summary>
internal sealed class Meeting(Barrier barrier) : IRunConsole
{
    public void Note(string text)
    {
    }

    public void Warn(string text) => Assert.Fail(text);

    public IDisposable Show(RunView run)
    {
        Assert.True(barrier.SignalAndWait(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken), "The other run does not begin.");
        return SilentConsole.Instance;
    }
}
