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
    private Rate rate;
    private RunEntry run;
    private GrowingRun rows;
    private RunSummary summary;

    // Of a run that is not under way: all of it once more, as its report shows it.
    private GrowingRun? whole;

    // All that is there now was read, as its report shows it; and what the page is then.
    private bool isRead;
    private string? stands;
    private long damagedAt = -1;

    private LiveRun(RunEntry run, TimeProvider time)
    {
        (this.run, this.time) = (run, time);
        rate = new Rate(time);
        rows = Growing();
        summary = RunReader.Summarize(run, rows.Statistics)!;
    }

    /// <inheritdoc/>
    public bool HasEnded => isRead && run.Status is RunStatus.Completed or RunStatus.Diverged;

    /// <inheritdoc/>
    public bool IsBehind => !isRead && (!rows.IsWhole || whole is not null);

    /// <inheritdoc/>
    public string Policy { get; } = Reports.Page.Policy(Script, isLive: true);

    /// <summary>The page of a run; null where its <c>run.json</c> cannot be read.</summary>
    /// <param name="folder">The run's.</param>
    /// <param name="time">Measures how long is read, and the speed of the run.</param>
    public static LiveRun? Open(string folder, TimeProvider time) => RunReader.Read(folder) is { Document: not null } run ? new LiveRun(run, time) : null;

    /// <inheritdoc/>
    public void Refresh()
    {
        if (HasEnded)
        {
            return;
        }

        if (RunReader.Read(run.Folder) is not { Document: { } document } now)
        {
            if (!Directory.Exists(run.Folder))
            {
                throw new DirectoryNotFoundException($"{run.Folder} is gone.");
            }

            return;
        }

        // What a run that was interrupted, or failed, and was resumed has written since is another
        // record; it may have ended again by now.
        if ((run.Status != RunStatus.Running && now.Status == RunStatus.Running) || (isRead && document.Ended != run.Document!.Ended))
        {
            StartOver();
        }

        run = now;
        if (isRead)
        {
            return;
        }

        var start = time.GetTimestamp();
        bool IsEnough() => time.GetElapsedTime(start) > LongestLook;
        if (whole is null)
        {
            rows.Advance(IsEnough);

            // A damaged file stops at the same row again; one that was cut and grew meanwhile does not.
            if (rows.IsStale || (rows.Problem is not null && rows.Rows != damagedAt))
            {
                damagedAt = rows.Rows;
                StartOver();
                return;
            }

            if (rows.IsWhole)
            {
                rate.Add(rows.Statistics.Updates);
            }

            summary = RunReader.Summarize(run, rows.Statistics)!;
        }

        if (run.Status != RunStatus.Running && (rows.IsWhole || document.Summary is not null))
        {
            End(document, IsEnough);
        }
    }

    /// <inheritdoc/>
    public string State() => isRead ? stands ??= Write() : Write();

    private string Write() => PageJson.Write(json =>
    {
        LiveFrame.Write(json, RunPage.Parts(run, summary));
        json.WritePropertyName("data");
        json.WriteRawValue(rows.Data.ToJson(run, summary));
        LiveFrame.Write(json, HasEnded, isRead, Note());
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
        (rows, whole, isRead, stands, rate) = (Growing(), null, false, null, new Rate(time));
    }

    // The timeline's stretches are those of the whole run, and so it is read again.
    private void End(RunDocument document, Func<bool> isEnough)
    {
        whole ??= new GrowingRun(run.Folder, document.Run.Workers, Timeline.Of(document.Summary?.Pushes ?? summary.Pushes));
        whole.Advance(isEnough);
        if (whole.IsStale)
        {
            StartOver();
            return;
        }

        if (whole.IsWhole)
        {
            whole.Close();
            rows.Dispose();
            summary = document.Summary is null ? RunReader.Summarize(run, whole.Statistics)! : RunReader.Summarize(run, [])!;
            (rows, whole, isRead) = (whole, null, true);
        }
    }

    private string Note()
    {
        var word = summary.Updates == 1 ? "update" : "updates";
        return this switch
        {
            { HasEnded: true } => "These are the numbers of its report.",
            { isRead: true } => "These are the numbers of its report; where it is resumed, it goes on here.",
            { rows.Problem: { } problem } => problem,
            { rows.IsWhole: false } => $"Reading what is recorded: {Say.Number(100 * rows.ShareRead, "F0")} %.",
            _ => $"{Say.Whole(summary.Updates)} {word}{(rate.PerSecond is { } speed ? $", {Say.Number(speed, "N0")} a second" : "")}. Captions say how pushes are gathered into what is drawn.",
        };
    }
}
