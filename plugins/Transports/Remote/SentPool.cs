namespace Orchestrator.Transports;

/// <summary>
/// Which of a host's buffers holds which sent vector. One per slot, so that there is always a free one; work of the same number shares one, so that its
/// vector goes over the link once. Used by the server's thread alone.
/// </summary>
internal sealed class SentPool(int slots)
{
    private readonly long[] numbers = new long[slots];
    private readonly int[] users = new int[slots];
    private int next;

    /// <summary>A buffer for a vector.</summary>
    /// <param name="number">Names its contents; 0 does not.</param>
    /// <param name="present">Whether the buffer was last given out for the same contents.</param>
    public int Acquire(long number, out bool present)
    {
        var index = number == 0 ? -1 : Array.IndexOf(numbers, number);
        present = index >= 0;
        if (!present)
        {
            index = NextFree();
            numbers[index] = number;
        }

        users[index]++;
        return index;
    }

    public void Release(int index) => users[index]--;

    // The one free for longest, about: contents that were sent lately may be asked for again.
    private int NextFree()
    {
        while (users[next] > 0)
        {
            next = (next + 1) % users.Length;
        }

        var index = next;
        next = (next + 1) % users.Length;
        return index;
    }
}
