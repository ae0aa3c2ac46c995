namespace Orchestrator.Composition;

/// <summary>
/// Finds the plugins of one folder by metadata, and whatever in the folder cannot be used.
/// </summary>
internal sealed class FolderScan(string folder, List<PluginDescription> plugins, List<PluginProblem> problems)
{
    public void Run()
    {
        var before = plugins.Count + problems.Count;
        var files = FolderFiles.In(folder).Where(f => f.EndsWith(".dll", StringComparison.OrdinalIgnoreCase)).Select(f => Path.Combine(folder, f)).ToList();
        var images = new List<AssemblyImage>();
        try
        {
            foreach (var file in files)
            {
                Guarded(file, () =>
                {
                    if (AssemblyImage.Open(file) is { } image)
                    {
                        images.Add(image);
                    }
                });
            }

            var references = new FolderReferences(files, images);
            foreach (var image in images)
            {
                Guarded(image.File, () => Scan(image, references));
            }
        }
        finally
        {
            images.ForEach(image => image.Dispose());
        }

        if (plugins.Count + problems.Count == before)
        {
            problems.Add(new PluginProblem(folder, $"holds no plugin: {Contents()}"));
        }
    }

    private void Scan(AssemblyImage image, FolderReferences references)
    {
        if (!image.References.ContainsKey(Contracts.Name) || !IsAtTop(image.File))
        {
            // A library; it is asked for its plugins by nobody, but what it was built against
            // matters.
            if (Contracts.Reject(image.References) is { } wrong)
            {
                problems.Add(new PluginProblem(image.File, wrong));
            }
        }
        else if (references.CauseAgainst(image) is { } cause)
        {
            problems.Add(new PluginProblem(image.File, cause));
        }
        else
        {
            new AssemblyScan(image, folder, plugins, problems).Run();
        }
    }

    private void Guarded(string file, Action read)
    {
        try
        {
            read();
        }
        catch (BadImageFormatException)
        {
            // Deeper down lie libraries of other systems.
            if (IsAtTop(file))
            {
                problems.Add(new PluginProblem(file, $"not a .NET assembly: {AssemblyImage.Otherwise(file)}"));
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            problems.Add(new PluginProblem(file, $"cannot be read: {failure.Message}"));
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // Damaged metadata shows itself in any exception that an index or a length out of range
            // can cause.
            problems.Add(new PluginProblem(file, $"its metadata cannot be read: {failure.Message}"));
        }
    }

    // Plugins stand in the folder itself; below it are libraries of other systems, native ones and
    // resources.
    private bool IsAtTop(string file) => Path.GetDirectoryName(file) == folder;

    private string Contents()
    {
        var names = Directory.EnumerateFileSystemEntries(folder).Select(e => Path.GetFileName(e)!).Order(StringComparer.Ordinal).Take(6).ToList();
        return names.Count == 0 ? "it is empty" : $"no assembly in it has a class with [Plugin] (it has {string.Join(", ", names.Take(5))}{(names.Count > 5 ? ", ..." : "")})";
    }
}
