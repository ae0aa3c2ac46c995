using System.Globalization;
using Orchestrator.Abstractions;
using Orchestrator.Runs;
using Orchestrator.Sweeps;

namespace Orchestrator.Host;

/// <summary>Submits a sweep as equal tasks that claim its runs.</summary>
/// <param name="submission">Writes and submits.</param>
/// <param name="request">How the sweep is run.</param>
/// <param name="run">What each run is given.</param>
/// <param name="forwarded">Where data and plugins lie.</param>
/// <param name="hasReport">Whether the report is written at the end.</param>
internal sealed class SweepLaunch(Submission submission, SweepRequest request, RunOptions run, IReadOnlyList<string> forwarded, bool hasReport)
{
    /// <summary>
    /// Submits it, or says what would be submitted. Runs that try an earlier build are made by
    /// whichever task comes first, and not shared.
    /// </summary>
    /// <returns>The exit code; null where nothing is left to run.</returns>
    public int? Submit(SweepPlan plan, SweepPlanner planner, SweepFolder folder, BuildCheck check, string frozen)
    {
        if (!request.IsDry)
        {
            check.Retire();
        }

        var (terms, store, again) = (submission.Launcher.Terms, check.MayCount(), check.Open());
        if (!request.IsDry)
        {
            Failures.Forgive(plan, folder, store, request.Retries);
        }

        var forecast = SweepForecast.Of(plan, planner, request.IsDry ? Failures.Forgiven(plan, folder, store, request.Retries) : store, jobs: 1);
        var left = forecast.Runs - forecast.Done - forecast.Failed;
        if (left + again.Count == 0)
        {
            return request.IsDry ? submission.Nothing(forecast.Failed) : null;
        }

        var jobs = Math.Max(1, terms.Cpus / run.Cores);
        var tasks = Tasks(forecast, left, jobs, terms);
        string[] arguments =
        [
            SweepTaskVerb.Name, .. ClaimantOptions.Arguments(folder, request.Results, request.Lease, run, forwarded),
            SweepTaskVerb.JobsName, jobs.ToString(CultureInfo.InvariantCulture), .. hasReport ? [] : new[] { SweepTaskVerb.NoReportName },
        ];
        if (!request.IsDry)
        {
            folder.Start(plan, frozen);
            RunForecast.Write(folder, forecast.SecondsByCell);
        }

        var tried = again.Count == 0 ? "" : string.Create(CultureInfo.InvariantCulture,
            $"{(again.Count == 1 ? "one run that is done" : $"{again.Count} runs that are done")}, {Duration(forecast.With(again).SecondsLeft - forecast.SecondsLeft)} in all, {(again.Count == 1 ? "is" : "are")} made again first, to see whether what was made before program or plugins changed counts; ");
        var says = string.Create(CultureInfo.InvariantCulture,
            $"{tried}{left} runs of about {Duration(forecast.SecondsLeft / Math.Max(1, left))}, {Duration(forecast.SecondsLeft)} in all; {tasks} tasks with {jobs} at a time");
        return submission.Submit(plan.Name, folder.FullPath, at => new LaunchRequest(plan.Name, at.FullPath, Environment.CurrentDirectory, tasks, submission.Command(arguments)), [], says, request.IsDry);
    }

    // As many as get the work that a profile gives a task at least, and as the scheduler takes.
    private int Tasks(SweepForecast forecast, int left, int jobs, LauncherTerms terms)
    {
        var least = terms.LeastWork.TotalSeconds * jobs;
        var byWork = least > 0 ? Math.Max(1, Math.Floor(forecast.SecondsLeft / least)) : double.PositiveInfinity;
        var byRuns = Math.Ceiling(left / (double)jobs);
        var wanted = (int)Math.Min(Math.Min(byWork, byRuns), terms.Tasks ?? int.MaxValue);
        return wanted <= 1 ? 1 : Math.Min(wanted, submission.LargestArray(request.IsDry));
    }

    private static string Duration(double seconds) => seconds switch
    {
        < 120 => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.#} s"),
        < 7200 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:0.#} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600:0.#} h"),
    };
}
