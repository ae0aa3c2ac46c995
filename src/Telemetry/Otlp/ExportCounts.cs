namespace Orchestrator.Telemetry;

/// <summary>
/// What became of one signal's records: counted by the exporter's thread, read by any.
/// </summary>
/// <param name="noun">What they are called in the summary.</param>
internal sealed class ExportCounts(string noun)
{
    private const int MostSilence = 2_000;

    private long given;
    private long begun;
    private long arrived;
    private int failures;
    private long busySince;
    private volatile bool lastFailed;

    /// <summary>Records handed to the exporter's queue.</summary>
    public void Give() => Interlocked.Increment(ref given);

    /// <summary>An export began.</summary>
    public void Begin()
    {
        Interlocked.Increment(ref begun);
        Volatile.Write(ref busySince, Environment.TickCount64);
    }

    /// <summary>An export ended.</summary>
    public void End(long records, bool succeeded)
    {
        Volatile.Write(ref busySince, 0);
        lastFailed = !succeeded;
        if (succeeded)
        {
            Interlocked.Add(ref arrived, records);
        }
        else
        {
            Interlocked.Increment(ref failures);
        }
    }

    /// <summary>
    /// Whether the receiver does not take what it is given, or has not answered for two seconds.
    /// </summary>
    public bool IsStuck => lastFailed || (Volatile.Read(ref busySince) is > 0 and var since && Environment.TickCount64 - since > MostSilence);

    /// <summary>A sentence on what was lost; null when nothing was.</summary>
    /// <param name="counted">Whether single records are counted; otherwise only failed exports
    /// are.</param>
    public string? Lost(bool counted)
    {
        var (all, there) = (Interlocked.Read(ref given), Interlocked.Read(ref arrived));
        if (counted && all > there)
        {
            return FormattableString.Invariant($"telemetry: {all - there} of {all} {noun} did not reach the receiver");
        }

        // Records that nobody began to send, because no request could be made of them, are a failed
        // export too.
        var lost = failures + (IsBusy || (all > 0 && Interlocked.Read(ref begun) == 0) ? 1 : 0);
        return !counted && lost > 0 ? FormattableString.Invariant($"telemetry: {lost} exports of {noun} did not reach the receiver") : null;
    }

    private bool IsBusy => Volatile.Read(ref busySince) > 0;
}
