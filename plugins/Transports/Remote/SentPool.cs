namespace Orchestrator.Transports;

/// <summary>
/// Which of a host's buffers holds which sent vector. One per slot, so that there is always a free
/// one; work of the same number shares one, so that its vector goes over the link once. Used by the
/// server's thread alone.
/// </summary>
internal sealed class SentPool(int slots)
{
    private readonly long[] numbers = new long[slots];
    private readonly int[] users = new int[slots];
    private readonly long[] releases = new long[slots];
    private int latest = -1;
    private long clock;

    /// <summary>A buffer for a vector.</summary>
    /// <param name="number">Names its contents; 0 does not.</param>
    /// <param name="present">Whether the buffer was last given out for the same contents.</param>
    public int Acquire(long number, out bool present)
    {
        var index = number == 0 ? -1 : Array.IndexOf(numbers, number);
        present = index >= 0;
        if (!present)
        {
            index = latest = Choose();
            numbers[index] = number;
        }

        users[index]++;
        return index;
    }

    public void Release(int index)
    {
        users[index]--;
        releases[index] = ++clock;
    }

    // What was sent last may be asked for again; of the others the one that was in use last, which
    // the caches still hold.
    private int Choose()
    {
        var best = -1;
        for (var i = 0; i < users.Length; i++)
        {
            if (users[i] == 0 && (best < 0 || best == latest || (i != latest && releases[i] > releases[best])))
            {
                best = i;
            }
        }

        return best;
    }
}
