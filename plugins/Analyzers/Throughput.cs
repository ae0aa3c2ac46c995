using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orchestrator.Abstractions;
using static Orchestrator.Analyzers.Records;

namespace Orchestrator.Analyzers;

public sealed record ThroughputOptions(
    [Description("Share of the waiting that is for one worker from which that worker is told of, in shares of an equal part.")][Range(1.1, 1000.0)] double WaitedFor = 3,
    [Description("Least share of the workers' time spent waiting from which it is told of.")][Range(0.001, 1.0)] double Waiting = 0.05,
    [Description("Least strength of a step, in standard errors.")][Range(3.0, 100.0)] double StepStrength = 6);

/// <summary>
/// Pushes per second as predicted from the workers' own durations against those measured, and who
/// waits for whom. Worker i computes m_i for each push that arrives, what was cancelled before it
/// included, and waits w_i.
/// Without waiting N workers make sum 1/m_i; with it sum 1/(m_i + w_i), which must be what was
/// measured: that is the control. A pull is released by the arrival before it in the run's one
/// sequence; what a worker waited is counted as for that arrival's worker.
/// </summary>
[Description("Pushes per second, predicted and measured; who waits for whom.")]
[Plugin("throughput")]
internal sealed class Throughput(ThroughputOptions options) : IAnalyzer
{
    private const double SmallestStep = 0.1;
    private const double Tolerance = 0.05;
    private const int FewestPerWorker = 5;

    public AnalyzerScope Scope => AnalyzerScope.EachRun;

    public IReadOnlyList<Finding> Analyze(IReadOnlyList<IRunRecords> runs, CancellationToken stop)
    {
        var facts = runs[0].Facts;
        var times = new WorkTimes(facts.Workers);
        foreach (var (push, place) in Computations(runs[0], stop))
        {
            times.Add(in push, place);
        }

        if (times.Pushes < (long)FewestPerWorker * facts.Workers || times.Span <= 0)
        {
            return [];
        }

        var rates = Rates.Of(times);
        return [.. Waited(facts, times), .. Steps(facts, times), Rate(facts, times, rates)];
    }

    private static Finding Rate(RunFacts facts, WorkTimes times, Rates rates) => new()
    {
        Name = "throughput",
        Grade = FindingGrade.Measured,
        Number = rates.Measured,
        Unit = "pushes/s",
        Sentence = Text($"{rates.Measured:G4} pushes per second of the {(facts.Clock == ClockKind.Virtual ? "virtual" : "wall")} clock; the workers' durations alone would make {rates.Predicted:G4} ({100 * rates.Residual:F1} %), and workers wait {100 * times.WaitingShare:F1} % of their time."),
        Place = new FindingPlace(facts, times.Last),
        Control = new(
            Text($"With the recorded waiting, {rates.WithWaiting:G4} pushes per second are predicted: {100 * rates.ControlResidual:F1} % from those measured."),
            rates.ControlResidual, Math.Abs(rates.ControlResidual) <= Tolerance + (0.5 * facts.Workers / times.Pushes)),
        Details =
        [
            Detail("predicted", rates.Predicted), Detail("residual", rates.Residual), Detail("waitingShare", times.WaitingShare),
            Detail("spanS", times.Span / 1e9), Detail("pushes", times.Pushes),
        ],
    };

    private IEnumerable<Finding> Waited(RunFacts facts, WorkTimes times)
    {
        var total = times.WaitedFor.Sum();
        if (times.WaitingShare < options.Waiting || total <= 0 || facts.Workers < 3)
        {
            yield break;
        }

        var worker = Array.IndexOf(times.WaitedFor, times.WaitedFor.Max());
        var share = times.WaitedFor[worker] / total;
        var control = times.WaitedForAtRandom.Max() / Math.Max(1, times.WaitedForAtRandom.Sum());
        if (share * facts.Workers >= options.WaitedFor || share > 0.9)
        {
            yield return new Finding
            {
                Name = "waited-for",
                Subject = Text($"worker {worker}"),
                Grade = FindingGrade.Warning,
                Number = share,
                Sentence = Text($"Workers wait {100 * times.WaitingShare:F0} % of their time, and {100 * share:F0} % of that for worker {worker}."),
                Place = new FindingPlace(facts, times.LongestWait),
                Control = new(Text($"The same waits dealt to the workers at random: {100 * control:F0} % for one worker at most."), control, control < share / 1.5),
                Details = [Detail("waitingShare", times.WaitingShare)],
            };
        }
    }

    private IEnumerable<Finding> Steps(RunFacts facts, WorkTimes times)
    {
        foreach (var step in ChangePoints.Find(times.Series(), options.StepStrength, SmallestStep))
        {
            var times1 = Math.Exp(Math.Abs(step.Jump));
            yield return new Finding
            {
                Name = "throughput-step",
                Grade = FindingGrade.Hint,
                Number = step.Jump > 0 ? 1 / times1 : times1,
                Sentence = Text($"From here on, pushes come {times1:F2} times {(step.Jump > 0 ? "slower" : "faster")} than before, at once ({step.Strength:F0} standard errors)."),
                Place = new FindingPlace(facts, times.PlaceOf(step.Index)),
                Control = new(
                    Text($"19 series with the same noise and no step reach {step.ControlStrength:F1} standard errors."), step.ControlStrength, step.Holds),
            };
        }
    }

    /// <summary>Pushes per second.</summary>
    private sealed record Rates(double Measured, double Predicted, double WithWaiting)
    {
        public double Residual => (Measured / Predicted) - 1;

        public double ControlResidual => (Measured / WithWaiting) - 1;

        public static Rates Of(WorkTimes times)
        {
            var (predicted, waiting) = (0.0, 0.0);
            for (var worker = 0; worker < times.Durations.Length; worker++)
            {
                var (duration, wait) = (times.Durations[worker].Mean, times.Waits[worker].Mean);
                predicted += duration > 0 ? 1e9 / duration : 0;
                waiting += duration + wait > 0 ? 1e9 / (duration + wait) : 0;
            }

            return new(times.Pushes / (times.Span / 1e9), predicted, waiting);
        }
    }
}
