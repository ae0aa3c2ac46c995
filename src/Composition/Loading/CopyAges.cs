namespace Orchestrator.Composition;

/// <summary>
/// Keeps the cache of copies from growing for ever: a copy's own time stamp says when it was last
/// used.
/// </summary>
internal static class CopyAges
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(60);

    public static void Touch(string copy) => Try(() => Directory.SetLastWriteTimeUtc(copy, DateTime.UtcNow));

    /// <summary>
    /// Removes copies that no host has used for long, what was known of them, and what an
    /// interrupted copy left.
    /// </summary>
    public static void RemoveOld(string cache)
    {
        foreach (var copy in Directory.GetDirectories(cache).Where(IsOld))
        {
            Try(() => Directory.Delete(copy, recursive: true));
        }

        foreach (var file in Directory.GetFiles(cache).Where(IsOld))
        {
            Try(() => File.Delete(file));
        }
    }

    private static bool IsOld(string entry) => DateTime.UtcNow - Directory.GetLastWriteTimeUtc(entry) > Longest;

    /// <summary>
    /// Does what may fail: another host is at it, or the cache is not ours to change; neither
    /// matters to this run.
    /// </summary>
    public static void Try(Action action)
    {
        try
        {
            action();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // See above.
        }
    }
}
