using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orchestrator.Abstractions;

namespace My.Plugin;

/// <summary>
/// Options of the analyzer <c>my-plugin</c>: what <c>analyze --set my-plugin.share=...</c> can say.
/// </summary>
public sealed record MyPluginAnalyzerOptions(
    [Description("Share of the pushes from which on larger gaps are worth a hint.")][Range(0.0, 1.0)] double Share = 0.05);

/// <summary>
/// How many pushes meet parameters that are more than three times as far from what they were
/// computed on as usual: gap.rms above three times its running mean. Control: the same of the
/// gradients' norm instead of the gap; where that jumps as often, the gradients are at fault, not
/// the staleness.
/// </summary>
[Plugin("my-plugin")]
[Description("How many pushes meet parameters that have moved unusually far.")]
internal sealed class MyPluginAnalyzer(MyPluginAnalyzerOptions options) : IAnalyzer
{
    private const int FewestPushes = 100;
    private const double Unusual = 3;

    /// <summary>Each run by itself.</summary>
    public AnalyzerScope Scope => AnalyzerScope.EachRun;

    /// <summary>Streams the pushes and keeps a few numbers.</summary>
    public IReadOnlyList<Finding> Analyze(IReadOnlyList<IRunRecords> runs, CancellationToken stop)
    {
        var (gap, norm) = (new Jumps(), new Jumps());
        using var pushes = runs[0].OpenPushes();
        while (pushes.TryRead(out var push))
        {
            stop.ThrowIfCancellationRequested();
            if (push.Decision != PushDecision.Cancelled)
            {
                gap.Add(push.GapRms, pushes.Place);
                norm.Add(push.GradientNorm, pushes.Place);
            }
        }

        if (gap.Count < FewestPushes)
        {
            return [];
        }

        return
        [
            new Finding
            {
                Name = "large-gaps",
                Grade = gap.Share >= options.Share ? FindingGrade.Hint : FindingGrade.Measured,
                Number = gap.Share,
                Sentence = FormattableString.Invariant($"{100 * gap.Share:F1} % of the pushes meet a gap of more than {Unusual} times the running mean."),
                Place = new FindingPlace(runs[0].Facts, gap.Largest),
                Control = new(
                    FormattableString.Invariant($"The norm of the gradients jumps so in {100 * norm.Share:F1} % of the pushes."), norm.Share, norm.Share < options.Share),
            },
        ];
    }

    private sealed class Jumps
    {
        private const double Memory = 50;
        private double mean;
        private double largest;
        private long jumps;

        public long Count { get; private set; }

        public double Share => (double)jumps / Count;

        public RecordPlace Largest { get; private set; }

        public void Add(double value, RecordPlace place)
        {
            if (!double.IsFinite(value))
            {
                return;
            }

            jumps += Count > 0 && value > Unusual * mean ? 1 : 0;
            mean += (value - mean) / Math.Min(++Count, Memory);
            if (value > largest || Largest.Line == 0)
            {
                (largest, Largest) = (value, place);
            }
        }
    }
}
