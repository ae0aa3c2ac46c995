namespace Orchestrator.Composition;

/// <summary>
/// Where this user's caches lie: <c>$XDG_CACHE_HOME/orchestrator</c>, <c>~/.cache/orchestrator</c>,
/// or on Windows the local application data. All that lies there can be removed at any time.
/// </summary>
public static class UserCache
{
    private const string FolderName = "orchestrator";

    /// <summary>The folder of one kind of things; it may not be there.</summary>
    public static string PlaceOf(string kind)
    {
        var home = OperatingSystem.IsWindows()
            ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
            : Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } set && Path.IsPathRooted(set)
                ? set
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        return Path.Combine(home, FolderName, kind);
    }

    /// <summary>Makes the folder of one kind of things, for this user alone.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="problem">Why it cannot be used; null where it can.</param>
    /// <returns>The folder; null where it cannot be used.</returns>
    public static string? TryOpen(string kind, out string? problem)
    {
        var folder = PlaceOf(kind);
        try
        {
            problem = Path.IsPathRooted(folder) ? TrustedFolder.Make(folder) : "there is no home folder";
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            problem = failure.Message;
        }

        return problem is null ? folder : null;
    }
}
