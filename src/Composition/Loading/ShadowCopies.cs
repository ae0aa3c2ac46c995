namespace Orchestrator.Composition;

/// <summary>A copy of a plugin's folder.</summary>
/// <param name="Folder">Where it lies.</param>
/// <param name="Content">What it holds.</param>
internal sealed record ShadowCopy(string Folder, FolderContent Content);

/// <summary>
/// Copies of plugin folders, named by content, so that the originals can be replaced while a host
/// runs. A copy appears by one rename, complete or not at all, so hosts that start at the same time
/// do not disturb each other; and one that is there already is read before it is believed.
/// </summary>
internal sealed class ShadowCopies(PluginCache cache)
{
    /// <summary>The copy of a folder as it is now.</summary>
    /// <exception cref="IOException">It cannot be read, or there is no place for a
    /// copy.</exception>
    public ShadowCopy Of(string folder)
    {
        var key = FolderContent.Read(folder).Key;
        if (Whole(Path.Combine(cache.Folder, key)) is { } known)
        {
            CopyAges.Touch(known.Folder);
            return known;
        }

        CopyAges.Try(() => CopyAges.RemoveOld(cache.Folder));
        try
        {
            return Fresh(folder);
        }
        catch (Exception full) when (full is IOException or UnauthorizedAccessException && cache.Leave(full))
        {
            // A home without room is ordinary too.
            return Fresh(folder);
        }
    }

    private ShadowCopy Fresh(string folder)
    {
        var fresh = Path.Combine(cache.Folder, $".{Guid.NewGuid():n}");
        try
        {
            Copy(folder, fresh);
        }
        catch (Exception)
        {
            CopyAges.Try(() => Directory.Delete(fresh, recursive: true));
            throw;
        }

        // A file may have been replaced since it was hashed.
        var content = FolderContent.Read(fresh);
        var copy = Path.Combine(cache.Folder, content.Key);
        for (var attempt = 0; attempt < 3; attempt++)
        {
            try
            {
                Directory.Move(fresh, copy);
                return new ShadowCopy(copy, content);
            }
            catch (IOException) when (Directory.Exists(copy))
            {
                if (Whole(copy) is { } others)
                {
                    // Another host was first; its copy has the same content.
                    CopyAges.Try(() => Directory.Delete(fresh, recursive: true));
                    return others;
                }

                CopyAges.Try(() => Remove(copy));
            }
        }

        // What stands there was damaged and cannot be moved away: this host keeps its own copy.
        return new ShadowCopy(fresh, content);
    }

    private static ShadowCopy? Whole(string copy)
    {
        if (!Directory.Exists(copy))
        {
            return null;
        }

        try
        {
            var content = FolderContent.Read(copy);
            return content.Key == Path.GetFileName(copy) ? new ShadowCopy(copy, content) : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // Out of the way by one rename, so that another host never finds half of it.
    private static void Remove(string copy)
    {
        var aside = Path.Combine(Path.GetDirectoryName(copy)!, $".{Guid.NewGuid():n}");
        Directory.Move(copy, aside);
        Directory.Delete(aside, recursive: true);
    }

    private static void Copy(string folder, string target)
    {
        Directory.CreateDirectory(target);
        foreach (var file in FolderFiles.In(folder))
        {
            var (from, to) = (Path.Combine(folder, file), Path.Combine(target, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            if (FolderFiles.Length(from) == 0)
            {
                using (File.Create(to)) { }
            }
            else
            {
                File.Copy(from, to);
            }
        }
    }
}
