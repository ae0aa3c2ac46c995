using Orchestrator.Abstractions;
using static Orchestrator.Analyzers.Records;

namespace Orchestrator.Analyzers;

/// <summary>
/// What a worker costs in accuracy: the run is trained again on its own schedule without it. Its
/// pushes vanish, the others' batches, order and times stay, its partition is lost; the run ends
/// at the same time, with fewer updates. Gain g_i: mean test accuracy of the evaluations in the last
/// third of the time without worker i less that with it, in points; without labels the same of
/// losses, (1 - without / with) in percent. Worker i is harmful where g_i reaches what is asked for
/// and 6 / n times what chance makes of n other workers, up to three, the nearest to the middle
/// pace: the largest g_j, or by how much the g_j differ, which leaves out that any worker is
/// missed. Control: trained again with nobody missing, the run must be itself bit for bit.
/// </summary>
/// <param name="run">The run.</param>
/// <param name="least">The least gain that is worth a word.</param>
/// <param name="others">Workers that are not slow, those of the middle pace first.</param>
/// <param name="stop">Ends a training early.</param>
internal sealed class WorkerHarm(IRunRecords run, double least, IReadOnlyList<int> others, CancellationToken stop)
{
    private const int MostOthers = 3;
    private const double Times = 6;

    private readonly Dictionary<int, TrainedAgain> trained = [];
    private readonly LateEvaluations with = LateEvaluations.Read(run);

    /// <summary>A finding for each worker that was asked for.</summary>
    public IEnumerable<Finding> Of(IReadOnlyList<(int Worker, RecordPlace Place)> asked)
    {
        if (asked.Count == 0)
        {
            return [];
        }

        var again = run.Counterfactuals?.Without([], stop);
        if (again?.Run is not { Facts.Digest: { } digest })
        {
            var why = again?.Problem ?? "nothing that trains is at hand.";
            return [.. asked.Select(one => Cannot(one.Worker, one.Place, why))];
        }

        var isExact = digest == run.Facts.Digest;
        return [.. asked.Select(one => Of(one.Worker, one.Place, isExact))];
    }

    private Finding Of(int worker, RecordPlace place, bool isExact)
    {
        if (Without(worker) is not { Run: { } left })
        {
            return Cannot(worker, place, Without(worker).Problem ?? "");
        }

        var without = LateEvaluations.Read(left);
        var gain = Gain(without);
        List<double> gains = [.. others.Where(other => other != worker).Take(MostOthers).Select(other => Without(other).Run).OfType<IRunRecords>().Select(run => Gain(LateEvaluations.Read(run)))];
        var noise = gains.Count == 0 ? 0 : gains.Count == 1 ? Math.Abs(gains[0]) : Math.Max(gains.Max(), gains.Max() - gains.Min());
        var isHarmful = gains.Count > 0 && gain >= least && gain > Times / gains.Count * noise;
        var (lost, all) = Lost(worker);
        var (later, sooner, target) = (TimeTo(run, without), TimeTo(left, without), with.HasAccuracy ? Text($"{Target(without):F2} %") : Text($"a loss of {Target(without):G4}"));
        return new Finding
        {
            Name = "worker-harm",
            Subject = Text($"worker {worker}"),
            Grade = isHarmful ? FindingGrade.Warning : FindingGrade.Measured,
            Number = gain,
            Unit = with.HasAccuracy ? "points" : "%",
            Sentence = Text($"Without worker {worker}, at the others' times, the last third of the run has {Say(without)} instead of {Say(with)}, with {without.Updates} updates instead of {with.Updates} at the end")
                + Text($"{(lost > 0 ? $", and {100.0 * lost / all:F1} % of the data is lost" : "")}")
                + (double.IsFinite(sooner) && double.IsFinite(later) ? Text($"; {target} is reached after {sooner:F3} s instead of {later:F3} s.") : ".")
                + (isHarmful ? " It does more harm than good." : gains.Count == 0 ? " There is no other worker to compare that with." : ""),
            Place = new FindingPlace(run.Facts, place),
            Control = new(
                isExact
                    ? Text($"Trained again with nobody missing, the run is itself bit for bit; without any of {gains.Count} workers of the middle pace the test {(with.HasAccuracy ? "accuracy" : "loss")} is {noise:F2} {(with.HasAccuracy ? "points" : "%")} better, or apart, at most.")
                    : "Trained again with nobody missing, the run is not what was recorded: the program, a plugin or the data is not what it was.",
                noise, isExact),
            Details =
            [
                Detail("accuracyWith", with.Accuracy), Detail("accuracyWithout", without.Accuracy),
                Detail("lossWith", with.Loss), Detail("lossWithout", without.Loss),
                Detail("updatesWith", with.Updates), Detail("updatesWithout", without.Updates),
                Detail("epochsWith", with.Epochs), Detail("epochsWithout", without.Epochs),
                Detail("target", Target(without)), Detail("secondsToTargetWith", later), Detail("secondsToTargetWithout", sooner),
                Detail("samplesLost", lost), Detail("largestOfOthers", noise), Detail("others", gains.Count),
            ],
        };
    }

    private Finding Cannot(int worker, RecordPlace place, string why) => new()
    {
        Name = "worker-harm",
        Subject = Text($"worker {worker}"),
        Grade = FindingGrade.Inconclusive,
        Number = 0,
        Sentence = Text($"The run cannot be trained again without worker {worker}: {why.TrimEnd('.')}."),
        Place = new FindingPlace(run.Facts, place),
        Control = new("Nothing was trained.", 0, false),
    };

    private TrainedAgain Without(int worker)
    {
        if (!trained.TryGetValue(worker, out var again))
        {
            trained[worker] = again = run.Counterfactuals!.Without([worker], stop);
        }

        return again;
    }

    // Losses that are not finite are as far as can be from one that is.
    private double Gain(LateEvaluations without)
    {
        var gain = with.HasAccuracy ? without.Accuracy - with.Accuracy : 100 * (1 - (without.Loss / with.Loss));
        return double.IsFinite(gain) ? gain : double.IsFinite(without.Loss) ? 100 : double.IsFinite(with.Loss) ? -100 : 0;
    }

    // What both reach.
    private double Target(LateEvaluations without) => with.HasAccuracy ? Math.Min(with.BestAccuracy, without.BestAccuracy) : Math.Max(with.BestLoss, without.BestLoss);

    // Clock time, s; of an evaluation, so no finer than these are.
    private double TimeTo(IRunRecords who, LateEvaluations without)
    {
        using var evaluations = who.OpenEvaluations();
        while (evaluations.TryRead(out var evaluation))
        {
            if (with.HasAccuracy ? evaluation.TestAccuracy >= Target(without) : evaluation.TestLoss <= Target(without))
            {
                return evaluation.At / 1e9;
            }
        }

        return double.NaN;
    }

    private (long Lost, long All) Lost(int worker)
    {
        using var partitions = run.OpenPartitions();
        var (parts, lost, all) = (0, 0L, 0L);
        while (partitions.TryRead(out var part))
        {
            parts++;
            all += part.Samples;
            lost += part.Partition == worker ? part.Samples : 0;
        }

        return parts > 1 ? (lost, all) : (0, all);
    }

    private static string Say(LateEvaluations late) => late.HasAccuracy ? Text($"a test accuracy of {late.Accuracy:F2} %") : Text($"a test loss of {late.Loss:G4}");
}
