namespace Orchestrator.Observation;

/// <summary>
/// Upper bounds of histogram buckets, finest where values usually lie. The reference of telemetry
/// lists them.
/// </summary>
internal static class Buckets
{
    /// <summary>Updates. Asynchronous runs of N workers lie around N - 1.</summary>
    public static readonly long[] Staleness = [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 16, 24, 32, 48, 64, 96, 128, 256, 512, 1024, 4096];

    /// <summary>Per parameter.</summary>
    public static readonly double[] Gap = [0, 1e-7, 3e-7, 1e-6, 3e-6, 1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1, 0.3, 1];

    public static readonly double[] Norm = [1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1, 0.3, 1, 3, 10, 30, 100, 1000];

    /// <summary>Cross-entropy starts at ln(classes), 2.3 for ten, and falls.</summary>
    public static readonly double[] Loss = [1e-4, 1e-3, 1e-2, 0.03, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 2.5, 3, 5, 10, 100];

    /// <summary>From the hand-over within a process to a stuck peer.</summary>
    public static readonly double[] Seconds = [1e-6, 1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 5e-3, 1e-2, 3e-2, 0.1, 0.3, 1, 3, 10, 30];
}
