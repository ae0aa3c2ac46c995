namespace Orchestrator.Runs.Tests;

/// <summary>Stops a run when it has come to a version.</summary>
internal sealed class StopAt(long version, CancellationTokenSource stop) : IRunConsole
{
    public void Note(string text)
    {
    }

    public void Warn(string text)
    {
    }

    public IDisposable Show(RunView run)
    {
        var over = new ManualResetEventSlim();
        var watcher = new Thread(() =>
        {
            while (run.Progress.Updates < version && !over.Wait(1))
            {
            }

            stop.Cancel();
        });
        watcher.Start();
        return new End(over, watcher);
    }

    private sealed class End(ManualResetEventSlim over, Thread watcher) : IDisposable
    {
        public void Dispose()
        {
            over.Set();
            watcher.Join();
            over.Dispose();
        }
    }
}
