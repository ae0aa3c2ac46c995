using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orchestrator.Abstractions;

namespace Orchestrator.Delays;

public sealed record DailyOptions(
    [Description("How long a worker is on in each period, ms.")][Range(0.0, 1e12, MinimumIsExclusive = true)] double OnMs,
    [Description("The period, ms; a day when it is not given.")][Range(0.0, 1e12, MinimumIsExclusive = true)] double PeriodMs = 86_400_000,
    [Description("When in each period workers go on, ms; drawn for each worker, uniformly, when absent.")][Range(0.0, 1e12)] double? FromMs = null);

/// <summary>
/// Availability by the time of day: a worker is on for a part of each period, as telephones are that
/// train at night, while they are charged. With one time for a group of workers (in
/// <c>overrides</c>) it is the day and the night of Eichner, Koren, McMahan, Srebro, Talwar:
/// Semi-cyclic stochastic gradient descent, ICML 2019.
/// </summary>
[Description("Workers that are on for a part of each day, or of another period.")]
[Plugin("daily")]
internal sealed class Daily : Availability
{
    private readonly DailyOptions options;

    public Daily(DailyOptions options) => this.options = options.OnMs <= options.PeriodMs && (options.FromMs ?? 0) <= options.PeriodMs
        ? options
        : throw new OptionException(options.OnMs > options.PeriodMs ? "onMs" : "fromMs", $"is beyond the period of {options.PeriodMs} ms; at most that is allowed.");

    public override double Trait(int worker, Random random) => (options.FromMs / options.PeriodMs) ?? random.NextDouble();

    protected override Window At(in DelayDraw draw, double ms)
    {
        var sinceOn = (ms - (draw.Trait * options.PeriodMs)) % options.PeriodMs;
        sinceOn += sinceOn < 0 ? options.PeriodMs : 0;
        return sinceOn < options.OnMs ? new Window(true, ms + (options.OnMs - sinceOn)) : new Window(false, ms + (options.PeriodMs - sinceOn));
    }
}
