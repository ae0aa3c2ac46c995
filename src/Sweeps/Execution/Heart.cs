namespace Orchestrator.Sweeps;

/// <summary>
/// Beats for a claim while its run goes on, and finds out when somebody has taken the claim over.
/// </summary>
internal sealed class Heart : IDisposable
{
    private readonly ManualResetEventSlim over = new();
    private readonly HeldClaim claim;
    private readonly TimeSpan interval;
    private readonly Action succeeded;
    private readonly Thread thread;

    /// <param name="claim">The claim.</param>
    /// <param name="interval">Time between two beats.</param>
    /// <param name="succeeded">Called once, when the claim is somebody else's.</param>
    public Heart(HeldClaim claim, TimeSpan interval, Action succeeded)
    {
        (this.claim, this.interval, this.succeeded) = (claim, interval, succeeded);
        thread = new Thread(Beat) { IsBackground = true, Name = "claim's heart" };
        thread.Start();
    }

    public void Dispose()
    {
        over.Set();
        thread.Join();
        over.Dispose();
    }

    private void Beat()
    {
        while (!over.Wait(interval))
        {
            try
            {
                if (claim.IsSucceeded())
                {
                    succeeded();
                    return;
                }

                claim.Beat();
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                // A beat that cannot be written is a beat that others do not see; they judge.
            }
        }
    }
}
