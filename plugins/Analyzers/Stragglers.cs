using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orchestrator.Abstractions;
using Orchestrator.Numerics;
using static Orchestrator.Analyzers.Records;

namespace Orchestrator.Analyzers;

public sealed record StragglersOptions(
    [Description("A worker is slow when its pushes take at least so many times as long as those of the middle worker.")][Range(1.05, 1000.0)] double Ratio = 1.3,
    [Description("Whose harm is found out by training the run again without each of them: nobody's, that of slow workers, or everybody's. Of runs whose workers do not wait for each other.")] Counterfactual Counterfactual = Counterfactual.None,
    [Description("A worker is harmful when without it the test accuracy at the end is so many points higher, or the test loss so many percent lower, and twice as much as without any other worker.")][Range(0.0, 100.0)] double Harm = 0.5);

/// <summary>Without which workers a run is trained again.</summary>
public enum Counterfactual
{
    None,
    Slow,
    All,
}

/// <summary>
/// Which workers are slow, and what they cost in time. For worker i, m_i is the mean time from pull
/// to arrival, with that of what was cancelled since its push before; the middle worker has the
/// (lower) median m. Worker i is slow when m_i / m is at least the ratio and m_i - m at least six
/// standard errors, or when it has hardly pushed (not at all, where workers make passes: then one of few
/// batches is soon done). Without barriers, N workers make sum
/// 1/m_i pushes per second; with worker i at m they would make more, and the share that is missing
/// is what it costs. Control: the same durations dealt to the workers at random. What it costs in
/// accuracy: <see cref="WorkerHarm"/>.
/// </summary>
[Description("Which workers are slow, what each costs in time, and, where asked for, in accuracy.")]
[Plugin("stragglers")]
internal sealed class Stragglers(StragglersOptions options) : IAnalyzer
{
    private const double StandardErrors = 6;
    private const int FewestPushes = 3;

    public AnalyzerScope Scope => AnalyzerScope.EachRun;

    public IReadOnlyList<Finding> Analyze(IReadOnlyList<IRunRecords> runs, CancellationToken stop)
    {
        var facts = runs[0].Facts;
        if (facts.Workers < 2)
        {
            return [];
        }

        var (own, dealt, slowest) = (new Moments[facts.Workers], new Moments[facts.Workers], new (long Time, RecordPlace Place)[facts.Workers]);
        var (cancelled, computed) = (new long[facts.Workers], new long[facts.Workers]);
        var random = new RandomStreams(1).Open("stragglers-control");
        var (end, last) = (0L, new RecordPlace("", 0));
        foreach (var (push, place) in Computations(runs[0], stop))
        {
            computed[push.Worker] += push.ArrivedAt - push.PulledAt;
            if (push.Decision == PushDecision.Cancelled)
            {
                cancelled[push.Worker]++;
                continue;
            }

            var time = computed[push.Worker];
            computed[push.Worker] = 0;
            own[push.Worker].Add(time);
            dealt[random.Next(facts.Workers)].Add(time);
            slowest[push.Worker] = time > slowest[push.Worker].Time || slowest[push.Worker].Place.Line == 0 ? (time, place) : slowest[push.Worker];
            (end, last) = (push.ArrivedAt, place);
        }

        // Without times, or with hardly any pushes, no worker can be told from another.
        if (Middle(own) is not { Mean: > 0 } middle)
        {
            return [];
        }

        var control = Middle(dealt) is { } dealtMiddle ? dealt.Max(moments => Excess(moments, dealtMiddle) ?? 0) : 0;
        var findings = new List<Finding>();
        // With passes a worker of few batches may have made them all by then.
        var (absent, mayLeave) = (AbsentOf(facts), HasPasses(facts));
        for (var worker = 0; worker < own.Length; worker++)
        {
            if (absent.Contains(worker) || (mayLeave && own[worker].Count is > 0 and < FewestPushes))
            {
                continue;
            }

            // A worker that hardly pushed takes at least so long: at the end it is at one more.
            var (isSilent, pushes) = (own[worker].Count < FewestPushes, end / middle.Mean);
            var ratio = isSilent ? pushes / (own[worker].Count + 1) : Excess(own[worker], middle) ?? 0;
            if (ratio < options.Ratio || (isSilent && ratio < StandardErrors))
            {
                continue;
            }

            var cost = Cost(own, worker, middle.Mean, end);
            findings.Add(new Finding
            {
                Name = "slow-worker",
                Subject = Text($"worker {worker}"),
                Grade = FindingGrade.Warning,
                Number = ratio,
                Sentence = isSilent
                    ? Text($"Worker {worker} has pushed {own[worker].Count switch { 0 => "nothing", 1 => "once", _ => "twice" }} in the time in which the middle worker makes {pushes:F1} pushes.")
                    : Text($"Worker {worker} takes {ratio:F2} times as long per push as the middle worker ({own[worker].Mean / 1e6:G4} ms against {middle.Mean / 1e6:G4} ms{(cancelled[worker] > 0 ? Text($", with its {cancelled[worker]} cancelled computations") : "")}); without barriers that costs {100 * cost:F1} % of the pushes that the run could make."),
                Place = new FindingPlace(facts, own[worker].Count == 0 ? last : slowest[worker].Place),
                Control = new(
                    Text($"The same durations dealt to the workers at random: the slowest then takes {Math.Max(1, control):F2} times as long."),
                    Math.Max(1, control), control < options.Ratio),
                Details = [Detail("meanMs", own[worker].Count == 0 ? double.NaN : own[worker].Mean / 1e6), Detail("middleMs", middle.Mean / 1e6), Detail("pushes", own[worker].Count), Detail("cancelled", cancelled[worker]), Detail("cost", cost)],
            });
        }

        List<Finding> slow = [.. findings.OrderByDescending(finding => finding.Number)];
        return options.Counterfactual == Counterfactual.None ? slow : [.. slow, .. Harm(runs[0], own, slowest, [.. slow.Select(finding => finding.Subject)], stop)];
    }

    private IEnumerable<Finding> Harm(IRunRecords run, Moments[] own, (long Time, RecordPlace Place)[] slowest, HashSet<string> slow, CancellationToken stop)
    {
        // By nearness to the middle, where those that are not slow are.
        var workers = Enumerable.Range(0, own.Length).Where(worker => own[worker].Count > 0).OrderBy(worker => own[worker].Mean).ToList();
        bool IsAsked(int worker) => options.Counterfactual == Counterfactual.All || slow.Contains(Text($"worker {worker}"));
        var middle = workers[(workers.Count - 1) / 2];
        var others = workers.Where(worker => !slow.Contains(Text($"worker {worker}"))).OrderBy(worker => Math.Abs(own[worker].Mean - own[middle].Mean)).ThenBy(worker => worker);
        return new WorkerHarm(run, options.Harm, [.. others], stop).Of([.. workers.Where(IsAsked).Order().Select(worker => (worker, slowest[worker].Place))]);
    }

    private static Moments? Middle(Moments[] workers)
    {
        Moments[] known = [.. workers.Where(moments => moments.Count >= FewestPushes).OrderBy(moments => moments.Mean)];
        return known.Length == 0 ? null : known[(known.Length - 1) / 2];
    }

    // How many times as long as the middle; null where that may be chance.
    private static double? Excess(Moments worker, Moments middle)
    {
        if (worker.Count < FewestPushes)
        {
            return null;
        }

        var error = Math.Sqrt((worker.StandardError * worker.StandardError) + (middle.StandardError * middle.StandardError));
        return worker.Mean - middle.Mean > StandardErrors * error ? worker.Mean / middle.Mean : null;
    }

    private static double Cost(Moments[] workers, int slow, double middle, long end)
    {
        var rate = workers.Sum(moments => 1 / (moments.Count == 0 ? end : moments.Mean));
        var slowly = 1 / (workers[slow].Count == 0 ? end : workers[slow].Mean);
        return 1 - (rate / (rate - slowly + (1 / middle)));
    }
}
