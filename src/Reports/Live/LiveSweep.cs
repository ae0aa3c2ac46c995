using Orchestrator.Sweeps;

namespace Orchestrator.Reports;

/// <summary>The page of a sweep while its runs go on, and at its end what its report shows.</summary>
public sealed class LiveSweep : ILivePage
{
    private readonly SweepPlan plan;
    private readonly SweepFolder folder;
    private readonly ISweepResults results;
    private readonly RunCurves evaluations;
    private readonly PushCurves pushes;
    private SweepStatus status;
    private SweepView view;

    /// <param name="plan">The sweep.</param>
    /// <param name="folder">Its folder.</param>
    /// <param name="results">What has been completed.</param>
    public LiveSweep(SweepPlan plan, SweepFolder folder, ISweepResults results)
    {
        (this.plan, this.folder, this.results) = (plan, folder, results);
        (evaluations, pushes) = (new RunCurves(folder.Output), new PushCurves(folder.Output));
        status = SweepStatus.Of(plan, folder, results);
        view = SweepView.Read(plan, status.State, results, evaluations, pushes);
    }

    /// <inheritdoc/>
    public bool HasEnded => status.State.IsComplete;

    // Runs that failed may be run again.
    private bool Stands => status.State.Wanted.Count == 0;

    /// <inheritdoc/>
    public bool IsBehind => false;

    /// <inheritdoc/>
    public string Policy { get; } = Reports.Page.Policy(SweepPage.Script, isLive: true);

    /// <inheritdoc/>
    public void Refresh()
    {
        var before = status;
        status = SweepStatus.Of(plan, folder, results);
        if (Known(before) != Known(status))
        {
            view = SweepView.Read(plan, status.State, results, evaluations, pushes);
        }
    }

    /// <inheritdoc/>
    public string State() => PageJson.Write(json =>
    {
        LiveFrame.Write(json, SweepPage.Parts(view, Runs));
        json.WritePropertyName("data");
        json.WriteRawValue(view.ToJson());
        LiveFrame.Write(json, HasEnded, Stands, Stands ? "These are the numbers of its report." : $"{Say.Whole(status.RunsDone)} of {Say.Whole(status.Runs)} runs that are known by now; {Say.Whole(status.Running.Count)} under way.");
    });

    /// <inheritdoc/>
    public byte[] Page() =>
        Reports.Page.Make(SweepPage.Title(view), SweepPage.Body(view, LiveFrame.Of(SweepPage.MadeFrom), Runs), SweepPage.Script, view.ToJson(), isLive: true);

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private Html Runs => RunLinks.Table(folder.Output, status, results);

    // A run ends, or is planned, and then all that is made of runs may be other.
    private static (int, int, int, int) Known(SweepStatus of) => (of.State.Known.Count, of.State.Wanted.Count, of.State.Failed.Count, of.State.Decisions.Count);
}
