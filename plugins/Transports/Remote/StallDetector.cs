namespace Orchestrator.Transports;

/// <summary>For how many ticks a counter that should move has stood still.</summary>
internal sealed class StallDetector
{
    private long last = -1;
    private int ticks;

    public int Lasts(long counter, bool shouldMove)
    {
        ticks = shouldMove && counter == last ? ticks + 1 : 0;
        last = counter;
        return ticks;
    }
}
