using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orchestrator.Abstractions;

namespace Orchestrator.Delays;

public sealed record BandwidthOptions(
    [Description("Rate of the worker's link, 10^6 bits per second.")][Range(1e-6, 1e9)] double MegabitsPerSecond,
    [Description("Time of an empty message, ms.")][Range(0.0, 1e9)] double LatencyMs = 0);

/// <summary>
/// The network time of a worker's own link: latency + bytes / bandwidth, bytes being what the
/// parameters sent and the push put on the wire, compression counted. Workers do not share a link,
/// so there is no congestion.
/// </summary>
[Description("Network time of a worker's own link: latency + bytes / bandwidth.")]
[Plugin("bandwidth")]
internal sealed class Bandwidth(BandwidthOptions options) : IDelay
{
    private const double BitsPerMegabitMillisecond = 1000; // 10^6 bits/s = 1000 bits/ms

    public double Milliseconds(in DelayDraw draw) => options.LatencyMs + (8.0 * draw.Bytes / (options.MegabitsPerSecond * BitsPerMegabitMillisecond));
}
