using Orchestrator.Abstractions;
using Orchestrator.RunFolders;

namespace Orchestrator.Reports;

/// <summary>
/// The page of a run while it goes on, and at its end what its report shows, number for number.
/// </summary>
public sealed class LiveRun : ILivePage
{
    private const string Script = "run.js";

    // Long enough to get through a million pushes in some looks, short enough to show them.
    private static readonly TimeSpan LongestLook = TimeSpan.FromMilliseconds(250);

    private readonly TimeProvider time;
    private readonly Rate rate;
    private RunEntry run;
    private GrowingRun rows;
    private RunSummary summary;

    // Of a run that has ended: all of it once more, as its report shows it.
    private GrowingRun? whole;

    private LiveRun(RunEntry run, TimeProvider time)
    {
        (this.run, this.time) = (run, time);
        rate = new Rate(time);
        rows = Growing();
        summary = RunReader.Summarize(run, rows.Statistics)!;
    }

    /// <inheritdoc/>
    public bool HasEnded { get; private set; }

    /// <inheritdoc/>
    public bool IsBehind => !HasEnded && (!rows.IsWhole || whole is not null);

    /// <inheritdoc/>
    public string Policy { get; } = Reports.Page.Policy(Script, isLive: true);

    /// <summary>The page of a run; null where its <c>run.json</c> cannot be read.</summary>
    /// <param name="folder">The run's.</param>
    /// <param name="time">Measures how long is read, and the speed of the run.</param>
    public static LiveRun? Open(string folder, TimeProvider time) => RunReader.Read(folder) is { Document: not null } run ? new LiveRun(run, time) : null;

    /// <inheritdoc/>
    public void Refresh()
    {
        if (HasEnded || RunReader.Read(run.Folder) is not { Document: not null } now)
        {
            return;
        }

        // What a run that ended and was resumed has written since is another record.
        if (run.Status != RunStatus.Running && now.Status == RunStatus.Running)
        {
            StartOver();
        }

        run = now;
        var start = time.GetTimestamp();
        bool IsEnough() => time.GetElapsedTime(start) > LongestLook;
        if (whole is null)
        {
            rows.Advance(IsEnough);
            if (rows.IsStale)
            {
                StartOver();
                return;
            }

            rate.Add(rows.Statistics.Updates);
            summary = RunReader.Summarize(run, rows.Statistics)!;
        }

        if (run.Status != RunStatus.Running && (rows.IsWhole || run.Document!.Summary is not null))
        {
            End(IsEnough);
        }
    }

    /// <inheritdoc/>
    public string State() => PageJson.Write(json =>
    {
        LiveFrame.Write(json, RunPage.Parts(run, summary));
        json.WritePropertyName("data");
        json.WriteRawValue(rows.Data.ToJson(run, summary));
        LiveFrame.Write(json, HasEnded, Note());
    });

    /// <inheritdoc/>
    public byte[] Page() =>
        Reports.Page.Make(RunPage.Title(summary), RunPage.Body(run, summary, rows.Data, [], LiveFrame.Of("the run's folder")), Script, rows.Data.ToJson(run, summary), isLive: true);

    /// <inheritdoc/>
    public void Dispose()
    {
        rows.Dispose();
        whole?.Dispose();
    }

    private GrowingRun Growing() => new(run.Folder, run.Document!.Run.Workers, Timeline.OfGrowing());

    private void StartOver()
    {
        Dispose();
        (rows, whole) = (Growing(), null);
    }

    // The timeline's stretches are those of the whole run, and so it is read again.
    private void End(Func<bool> isEnough)
    {
        var final = RunReader.Summarize(run, []) ?? summary;
        whole ??= new GrowingRun(run.Folder, final.Workers, Timeline.Of(final.Pushes));
        whole.Advance(isEnough);
        if (whole.IsWhole)
        {
            whole.Close();
            rows.Dispose();
            (rows, whole, summary, HasEnded) = (whole, null, final, true);
        }
    }

    private string Note()
    {
        var word = summary.Updates == 1 ? "update" : "updates";
        return this switch
        {
            { HasEnded: true } => "These are the numbers of its report.",
            { rows.Problem: { } problem } => problem,
            { rows.IsWhole: false } => $"Reading what is recorded: {Say.Number(100 * rows.ShareRead, "F0")} %.",
            _ => $"{Say.Whole(summary.Updates)} {word}{(rate.PerSecond is { } speed ? $", {Say.Number(speed, "N0")} a second" : "")}. Captions say how pushes are gathered into what is drawn.",
        };
    }
}
