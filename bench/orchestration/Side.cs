using System.Diagnostics;

namespace Orchestrator.Bench.Orchestration;

/// <summary>What happened in a slice of time.</summary>
/// <param name="Updates">Made.</param>
/// <param name="Seconds">Its length.</param>
/// <param name="Spent">Processor time of all processes, ms.</param>
internal readonly record struct Slice(long Updates, double Seconds, double Spent)
{
    public double Rate => Updates / Seconds;
}

/// <summary>Something that makes updates while its gate is open, and waits otherwise.</summary>
internal abstract class Side : IDisposable
{
    public const int Threads = 2;
    public const int Batch = 32;

    // Until code is compiled, in this process and in hosts.
    private const int ToWarmUp = 4_000;
    private static readonly TimeSpan Edge = TimeSpan.FromMilliseconds(30);

    private readonly ManualResetEventSlim gate = new(false);
    private long updates;

    public void WarmUp()
    {
        Begin();
        gate.Set();
        while (Volatile.Read(ref updates) < ToWarmUp)
        {
            Thread.Sleep(Edge);
        }

        gate.Reset();
        Thread.Sleep(Edge);
    }

    public Slice Measure(TimeSpan length)
    {
        gate.Set();
        Thread.Sleep(Edge);
        var (begun, before, spent) = (Stopwatch.GetTimestamp(), Volatile.Read(ref updates), Spent());
        Thread.Sleep(length);
        var slice = new Slice(Volatile.Read(ref updates) - before, Stopwatch.GetElapsedTime(begun).TotalSeconds, Spent() - spent);
        gate.Reset();
        Thread.Sleep(Edge);
        return slice;
    }

    public void Dispose()
    {
        gate.Set();
        End();
        Ended();
        gate.Dispose();
    }

    protected abstract void Begin();

    /// <summary>Asks for the end.</summary>
    protected abstract void End();

    /// <summary>Waits for it.</summary>
    protected abstract void Ended();

    /// <summary>Processor time of other processes of this side, ms.</summary>
    protected virtual double SpentElsewhere() => 0;

    /// <summary>Called for each update.</summary>
    protected void Pass()
    {
        if (!gate.IsSet)
        {
            gate.Wait();
        }

        Interlocked.Increment(ref updates);
    }

    private double Spent() => Environment.CpuUsage.TotalTime.TotalMilliseconds + SpentElsewhere();
}
