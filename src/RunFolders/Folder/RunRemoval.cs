namespace Orchestrator.RunFolders;

/// <summary>Removes run folders, and says what they take.</summary>
public static class RunRemoval
{
    /// <summary>What the names of folders begin with whose removal was interrupted.</summary>
    public const string Prefix = ".removed-";

    /// <summary>Bytes of all files in a folder; what cannot be read counts as none.</summary>
    public static long SizeOf(string folder)
    {
        try
        {
            return new DirectoryInfo(folder).EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = true }).Sum(file => file.Length);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    /// <summary>
    /// Removes a run's folder. It is renamed first, so that nobody ever reads half of a run; a link
    /// to a folder is removed, and what it leads to stays.
    /// </summary>
    /// <returns>False where a process has the run.</returns>
    /// <exception cref="IOException">It cannot be removed, or has changed since it was looked at: somebody
    /// went on with the run.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not.</exception>
    public static bool TryRemove(RunEntry run)
    {
        if (new DirectoryInfo(run.Folder).LinkTarget is not null)
        {
            Directory.Delete(run.Folder);
            return true;
        }

        if (RunLock.TryTake(run.Folder) is not { } taken)
        {
            return false;
        }

        var aside = Path.Combine(Path.GetDirectoryName(run.Folder)!, $"{Prefix}{Guid.NewGuid():N}");
        using (taken)
        {
            if (RunReader.Read(run.Folder)?.Document?.ToJson() != run.Document?.ToJson())
            {
                throw new IOException($"{run.Folder}: it has changed meanwhile, so it stays.");
            }

            if (OperatingSystem.IsWindows())
            {
                // A folder with an open file cannot be renamed there.
                taken.Dispose();
            }

            Directory.Move(run.Folder, aside);
        }

        Directory.Delete(aside, recursive: true);
        return true;
    }
}
