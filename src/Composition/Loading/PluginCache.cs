namespace Orchestrator.Composition;

/// <summary>
/// Where copies of plugin folders, and what is known of them, are kept between runs: a folder of
/// this user's alone, or where there is none a private one that goes with the process.
/// </summary>
internal sealed class PluginCache
{
    private readonly Lazy<(string Folder, bool IsPrivate, string? Warning)> opened;
    private string? instead;

    /// <param name="place">The folder that is meant; null for the user's cache.</param>
    public PluginCache(string? place)
    {
        Place = place ?? UserCache.PlaceOf("plugins");
        opened = new(() => Open(Place));
    }

    /// <summary>The user's cache, opened once.</summary>
    public static PluginCache Users { get; } = new(place: null);

    /// <summary>The folder that was meant.</summary>
    public string Place { get; }

    /// <summary>The folder in use.</summary>
    /// <exception cref="IOException">Neither it nor a temporary one can be used; the message names
    /// both.</exception>
    public string Folder => instead ?? opened.Value.Folder;

    /// <summary>
    /// Why the folder that was meant is not used although it is there; null where it is used, or
    /// cannot be made.
    /// </summary>
    public string? Warning => opened.Value.Warning;

    /// <summary>What is known of contents.</summary>
    public CacheFiles Files => field ??= new CacheFiles(Folder);

    /// <summary>
    /// Goes on with a private folder, where the one in use takes no more; false where it is private
    /// already.
    /// </summary>
    /// <param name="cause">What is the matter with it.</param>
    public bool Leave(Exception cause)
    {
        if (opened.Value.IsPrivate || instead is not null)
        {
            return false;
        }

        instead = Private(opened.Value.Folder, cause.Message);
        return true;
    }

    private static (string Folder, bool IsPrivate, string? Warning) Open(string folder)
    {
        string? cause;
        string? warning = null;
        try
        {
            if (Path.IsPathRooted(folder))
            {
                if (TrustedFolder.Make(folder) is not { } problem)
                {
                    return (Writable(folder), false, null);
                }

                cause = problem;
                warning = $"is not used: {problem}. Copies of plugins go with this process";
            }
            else
            {
                cause = "it is no full path";
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A read-only home is ordinary in containers.
            cause = failure.Message;
        }

        return (Private(folder, cause), true, warning);
    }

    private static string Private(string folder, string cause)
    {
        try
        {
            var temporary = Directory.CreateTempSubdirectory("orchestrator-").FullName;
            AppDomain.CurrentDomain.ProcessExit += (_, _) => CopyAges.Try(() => Directory.Delete(temporary, recursive: true));
            return temporary;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new IOException(
                $"there is no place for copies of plugins: neither {folder} ({cause}) nor the temporary folder {Path.GetTempPath()} ({failure.Message}) can be used; "
                + "set XDG_CACHE_HOME or TMPDIR to a folder of yours",
                failure);
        }
    }

    private static string Writable(string folder)
    {
        using (new FileStream(Path.Combine(folder, $".{Guid.NewGuid():n}"), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose))
        {
            return folder;
        }
    }
}
