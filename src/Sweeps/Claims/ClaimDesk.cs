namespace Orchestrator.Sweeps;

/// <summary>
/// Claims runs for one claimant and judges the claims of others: by their heartbeats, which are
/// counters, and by this process's own monotonic clock; no two clocks are ever compared. Not
/// thread-safe.
/// </summary>
/// <param name="folder">The folder of all claims.</param>
/// <param name="me">This claimant.</param>
/// <param name="lease">Time without a beat after which a claim is taken over.</param>
/// <param name="clock">Only its timestamps are read.</param>
internal sealed class ClaimDesk(string folder, ProcessIdentity me, TimeSpan lease, TimeProvider clock)
{
    private readonly Dictionary<string, Watched> watched = [];

    public TimeSpan Lease => lease;

    /// <summary>A run's claims.</summary>
    public ClaimFolder Of(string key) => new(Path.Combine(folder, key));

    /// <summary>
    /// Claims a run that nobody has, or whose owner is gone; null where somebody has it, or it is
    /// over.
    /// </summary>
    /// <param name="key">The run's key.</param>
    /// <param name="found">What its claims said.</param>
    /// <param name="build">The build that it is to be run with.</param>
    public HeldClaim? TryClaim(string key, out RunClaims found, string? build = null)
    {
        var claims = Of(key);
        found = claims.Read();
        if (found.State == ClaimState.Claimed && IsAbandoned(key, claims, found.Last))
        {
            claims.TryEnd(found.Last, AttemptEnd.Lost, null, me.Claimant);
            found = claims.Read();
        }

        if (found.State != ClaimState.Free || !claims.TryClaim(found.Last + 1, me, build))
        {
            return null;
        }

        watched.Remove(key);
        var held = new HeldClaim(key, claims, found.Last + 1, me.Claimant);
        held.Beat();
        return held;
    }

    /// <summary>
    /// Makes a run free that is done and that nobody can make use of; why, or null where it is not
    /// so.
    /// </summary>
    /// <param name="key">The run's key.</param>
    /// <param name="mark">The mark that is wanted of it; null for its end.</param>
    /// <param name="output">The folder of all runs.</param>
    public string? Reopen(string key, double? mark, string output) => Of(key).Reopen(mark, output, me.Claimant);

    private bool IsAbandoned(string key, ClaimFolder claims, int number)
    {
        if (claims.Owner(number)?.IsGone() == true)
        {
            return true;
        }

        var (beat, now) = (claims.ReadBeat(number), clock.GetTimestamp());
        if (!watched.TryGetValue(key, out var seen) || seen.Number != number || seen.Beat != beat || clock.GetElapsedTime(seen.LastLook, now) > lease / 2)
        {
            // Seen for the first time, alive, or not looked at for so long that this process may
            // have stood still itself, and the owner with it.
            watched[key] = new Watched(number, beat, now, now);
            return false;
        }

        watched[key] = seen with { LastLook = now };
        return clock.GetElapsedTime(seen.Since, now) > lease;
    }

    private readonly record struct Watched(int Number, string Beat, long Since, long LastLook);
}

/// <summary>A claim that this process has.</summary>
/// <param name="key">The run's key.</param>
/// <param name="claims">The run's claims.</param>
/// <param name="number">Which of them.</param>
/// <param name="claimant">Who has it.</param>
internal sealed class HeldClaim(string key, ClaimFolder claims, int number, string claimant)
{
    private long beats;

    public string Key => key;

    public int Number => number;

    public ClaimFolder Claims => claims;

    /// <summary>Says that its owner lives.</summary>
    public void Beat() => claims.WriteBeat(number, ++beats);

    /// <summary>
    /// Whether somebody took the owner for dead: what is still done here is done twice.
    /// </summary>
    public bool IsSucceeded() => claims.HasClaim(number + 1) || claims.ReadEnd(number) is not null;

    public void End(AttemptEnd how, string? message = null) => claims.TryEnd(number, how, message, claimant);
}
