using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orchestrator.Abstractions;
using Orchestrator.Numerics;

namespace Orchestrator.Delays;

public sealed record OnOffOptions(
    [Description("Mean of the times that a worker is on, ms.")][Range(0.0, 1e12, MinimumIsExclusive = true)] double OnMeanMs,
    [Description("Mean of the times that a worker is off, ms.")][Range(0.0, 1e12, MinimumIsExclusive = true)] double OffMeanMs,
    [Description("Weibull shape of the times on: 1 is exponential, below 1 many short and a few very long ones.")][Range(0.1, 100.0)] double OnShape = 1,
    [Description("Weibull shape of the times off.")][Range(0.1, 100.0)] double OffShape = 1);

/// <summary>
/// Availability as an alternating renewal process: times on and off by turns, each drawn from a
/// Weibull law, T = mean E^(1/shape) / Gamma(1 + 1/shape), E exponential of mean 1. Nurmi, Brevik,
/// Wolski: Modeling machine availability in enterprise and wide-area distributed computing
/// environments, Euro-Par 2005, fit Weibull times on to traces of machines, with shapes of about
/// 0.5. At the start a worker is on with probability onMean / (onMean + offMean); its first time is
/// drawn as all others are, which is the process's steady state for shapes of 1, and approaches it
/// otherwise. All of a worker's windows are a function of one number drawn for it, so that they are
/// the same whatever the run does in them.
/// </summary>
[Description("Workers that come and go: times on and off by turns, exponential or Weibull.")]
[Plugin("on-off")]
internal sealed class OnOff(OnOffOptions options) : Availability
{
    private readonly double onScale = options.OnMeanMs / MeanOfPower(1 / options.OnShape);
    private readonly double offScale = options.OffMeanMs / MeanOfPower(1 / options.OffShape);
    private readonly Dictionary<int, Place> places = [];

    public override double Trait(int worker, Random random) => random.NextDouble();

    protected override Window At(in DelayDraw draw, double ms)
    {
        // Where the last draw of the worker ended: times mostly ascend. It can be lost at any time.
        if (!places.TryGetValue(draw.Worker, out var place) || place.Trait != draw.Trait)
        {
            places[draw.Worker] = place = new Place(draw.Trait);
        }

        if (ms < place.Start)
        {
            place.Begin();
        }

        while (ms >= place.End)
        {
            Next(place);
        }

        return new Window(place.IsOn, place.End);
    }

    private void Next(Place place)
    {
        var stream = place.Stream(place.Index);
        if (place.Index == 0)
        {
            place.IsOn = stream.NextDouble() * (options.OnMeanMs + options.OffMeanMs) < options.OnMeanMs;
        }
        else
        {
            place.IsOn = !place.IsOn;
        }

        place.Index++;
        place.Start = place.End;
        place.End += place.IsOn ? Weibull(stream, onScale, options.OnShape) : Weibull(stream, offScale, options.OffShape);
    }

    private static double Weibull(Random random, double scale, double shape)
    {
        var exponential = Distributions.Exponential(random, 1);
        return scale * (shape == 1 || exponential <= 0 ? exponential : Elementary.Power(exponential, 1 / shape));
    }

    // The mean of E^x is Gamma(1 + x): Stirling's series at x + 9, divided back.
    private static double MeanOfPower(double x)
    {
        const int Steps = 8;
        var (z, product) = (x + 1 + Steps, 1.0);
        for (var i = 1; i <= Steps; i++)
        {
            product *= x + i;
        }

        var series = ((((((-1 / (1680 * z * z)) + (1.0 / 1260)) / (z * z)) - (1.0 / 360)) / (z * z)) + (1.0 / 12)) / z;
        return Elementary.Exp(((z - 0.5) * Elementary.Log(z)) - z + (Elementary.Log(2 * Math.PI) / 2) + series) / product;
    }

    /// <summary>A window of a worker, and how the next one is found.</summary>
    private sealed class Place(double trait)
    {
        private readonly StreamKey key = new RandomStreams(BitConverter.DoubleToInt64Bits(trait)).Key("windows");
        private readonly RandomStream stream = new(default);

        public double Trait => trait;

        public long Index { get; set; }

        public bool IsOn { get; set; }

        public double Start { get; set; }

        public double End { get; set; }

        public void Begin() => (Index, Start, End) = (0, 0, 0);

        public RandomStream Stream(long index)
        {
            stream.Reset(key, index);
            return stream;
        }
    }
}
