using System.Diagnostics.Metrics;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Orchestrator.Composition;
using Orchestrator.Engine;
using Orchestrator.Observation;

namespace Orchestrator.Telemetry.Tests;

/// <summary>The reference against the code.</summary>
public sealed partial class DocumentationTests
{
    private static readonly string Reference = File.ReadAllText(Path.Combine(ObservedProgram.RepositoryRoot, "docs", "ref-telemetry.md"));

    [Fact]
    public void TheTableOfInstruments_IsTheCodes()
    {
        var documented = InstrumentRow().Matches(Reference)
            .Select(m => (Name: m.Groups[1].Value, Kind: m.Groups[2].Value, Unit: m.Groups[3].Value, Prometheus: m.Groups[4].Value)).ToList();

        Assert.Equal(Instruments().Select(Row).Order(), documented.Order());
    }

    [Fact]
    public void TheTableOfBuckets_IsTheCodes()
    {
        var documented = BucketRow().Matches(Reference)
            .SelectMany(
                m => NameInRow().Matches(m.Groups[1].Value),
                (m, name) => (Name: name.Groups[1].Value, Bounds: string.Join(' ', m.Groups[2].Value.Split(',').Select(Parsed))));

        Assert.Equal(
            Instruments().Where(i => i is Histogram<long> or Histogram<double>).Select(i => (i.Name, Bounds: BoundsOf(i))).Order(), documented.Order());
    }

    [Fact]
    public void EveryNameInTheCode_StandsInTheReference()
    {
        var names = typeof(TelemetryNames).GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => (string)f.GetRawConstantValue()!).ToList();

        Assert.True(names.Count > 40);
        Assert.All(names, name => Assert.Contains($"`{name}`", Reference));
    }

    [Fact]
    public void TheTableOfEvents_IsTheCodes()
    {
        var coded = typeof(RunLog).GetMethods(BindingFlags.NonPublic | BindingFlags.Static)
            .Select(m => (Method: m.Name, Message: m.GetCustomAttribute<LoggerMessageAttribute>())).Where(m => m.Message is not null)
            .Select(m => $"{m.Message!.EventId} {m.Method} {m.Message.Level.ToString().ToLowerInvariant()}");
        var documented = EventRow().Matches(Reference).Select(m => $"{m.Groups[1].Value} {m.Groups[2].Value} {m.Groups[3].Value}");

        Assert.Equal(coded.Order(), documented.Order());
    }

    [Fact]
    public void TheTableOfSettings_IsTheCodes()
    {
        var coded = typeof(TelemetrySettings).GetConstructors()[0].GetParameters().Select(p => char.ToLowerInvariant(p.Name![0]) + p.Name[1..]);

        Assert.All(coded, name => Assert.Matches($@"(?m)^\| .*`{name}`.* \|", Reference));
    }

    private static List<Instrument> Instruments()
    {
        var found = new List<Instrument>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, _) => Add(found, instrument) };
        listener.Start();
        using var instruments = new RunInstruments(
            new Meter(TelemetryNames.Source), new ObservedRun("documented", "", "", "", "", 1, true), new RunProgress(), () => 0, 1);
        using var sweep = new SweepInstruments(new Meter(TelemetryNames.Source), "documented", () => default);
        return found;
    }

    // Runs of other tests publish theirs at the same time.
    private static void Add(List<Instrument> found, Instrument instrument)
    {
        if (instrument.Meter.Name == TelemetryNames.Source)
        {
            found.Add(instrument);
        }
    }

    private static string BoundsOf(Instrument histogram) => histogram is Histogram<long> whole
        ? string.Join(' ', whole.Advice!.HistogramBucketBoundaries!.Select(bound => Parsed(bound.ToString(CultureInfo.InvariantCulture))))
        : string.Join(' ', ((Histogram<double>)histogram).Advice!.HistogramBucketBoundaries!);

    private static double Parsed(string number) => double.Parse(number, CultureInfo.InvariantCulture);

    private static (string Name, string Kind, string Unit, string Prometheus) Row(Instrument instrument)
    {
        var type = instrument.GetType().Name;
        var kind = type switch
        {
            _ when type.Contains("UpDown", StringComparison.Ordinal) => "up-down counter",
            _ when type.Contains("Counter", StringComparison.Ordinal) => "counter",
            _ when type.Contains("Histogram", StringComparison.Ordinal) => "histogram",
            _ => "gauge",
        };
        return (instrument.Name, kind, instrument.Unit!, PrometheusName.Of(instrument.Name, instrument.Unit!, kind == "up-down counter" ? "gauge" : kind));
    }

    [GeneratedRegex(@"^\| `(orchestrator\.[a-z._]+)` \| ([a-z -]+) \| `([^`]+)` \| `([a-z_]+)` \|", RegexOptions.Multiline)]
    private static partial Regex InstrumentRow();

    [GeneratedRegex(@"^\| ((?:`orchestrator\.[a-z._]+`(?:, )?)+) \| ([0-9][0-9e., -]*) \|$", RegexOptions.Multiline)]
    private static partial Regex BucketRow();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex NameInRow();

    [GeneratedRegex(@"^\| ([0-9]+) \| `([A-Za-z]+)` \| ([a-z]+) \|", RegexOptions.Multiline)]
    private static partial Regex EventRow();
}
