namespace Orchestrator.Transports;

/// <summary>
/// How long and how many, for links to other processes. Times in ms, counted in ticks of
/// <see cref="Tick"/>.
/// </summary>
/// <param name="Silence">A host that sends nothing for as long, or takes as long for a piece of a
/// frame, is lost.</param>
/// <param name="HostWait">Without any host for as long, after one was lost, the run fails.</param>
internal sealed record Limits(int Silence, int HostWait)
{
    /// <summary>For a stranger to prove that it may join.</summary>
    public int Proving { get; init; } = 5_000;

    /// <summary>For a host to load data and pipeline.</summary>
    public int Loading { get; init; } = 900_000;

    /// <summary>
    /// Connections that have not proven anything; beyond it the oldest is closed.
    /// </summary>
    public int Strangers { get; init; } = 64;

    /// <summary>Refusals that are told one by one.</summary>
    public int ToldRefusals { get; init; } = 100;

    /// <summary>A gradient may be out this many times as long as the longest so far.</summary>
    public int GradientFactor { get; init; } = 20;

    /// <summary>The least of what a gradient may take.</summary>
    public int LeastGradient { get; init; } = 60_000;

    /// <summary>What a gradient may take while none has come yet.</summary>
    public int FirstGradient { get; init; } = 900_000;

    /// <summary>For a host to take what was being sent when the run ended.</summary>
    public int Parting { get; init; } = 3_000;

    public int Tick => Math.Clamp(Silence / 8, 10, 500);

    /// <summary>How often a host shows that it lives.</summary>
    public int AlivePeriod => Math.Max(10, Silence / 4);

    public int Ticks(int milliseconds) => Math.Max(2, (milliseconds + Tick - 1) / Tick);
}
