namespace Orchestrator.Composition;

/// <summary>
/// Finds the plugins of one folder by metadata, and whatever in the folder cannot be used.
/// </summary>
/// <param name="folder">The folder.</param>
/// <param name="plugins">Takes what is found.</param>
/// <param name="problems">Takes what is wrong.</param>
/// <param name="cache">Knows folders that were read before.</param>
internal sealed class FolderScan(string folder, List<PluginDescription> plugins, List<PluginProblem> problems, DescriptionCache cache)
{
    private const string CacheKind = "plugins";

    private readonly int problemsBefore = problems.Count;

    public void Run()
    {
        var contents = Read();
        var name = DescriptionCache.NameOf(CacheKind, contents);
        if (problems.Count > problemsBefore || cache.Read(name, reader => reader.Plugins(folder)) is not { } found)
        {
            found = [];
            Scan(contents, found);

            // What is wrong is found anew each time, until it is mended.
            if (problems.Count == problemsBefore)
            {
                cache.Write(name, new DescriptionWriter().Plugins(found, folder));
            }
        }

        foreach (var plugin in found)
        {
            plugins.Add(plugin with { FileHash = contents.Find(content => Path.Combine(folder, content.Name) == plugin.File)!.Hash });
        }
    }

    private List<AssemblyContent> Read()
    {
        var contents = new List<AssemblyContent>();
        foreach (var file in FolderFiles.In(folder))
        {
            if (file.EndsWith(".dll", StringComparison.OrdinalIgnoreCase))
            {
                Guarded(file, [], () => contents.Add(AssemblyContent.Read(folder, file)));
            }
        }

        return contents;
    }

    private void Scan(List<AssemblyContent> contents, List<PluginDescription> found)
    {
        var images = new List<AssemblyImage>();
        try
        {
            foreach (var content in contents)
            {
                Guarded(content.Name, content.Bytes, () =>
                {
                    if (AssemblyImage.Open(Path.Combine(folder, content.Name), content) is { } image)
                    {
                        images.Add(image);
                    }
                });
            }

            var references = new FolderReferences(contents.Select(content => content.Name), images);
            foreach (var image in images)
            {
                Guarded(Path.GetRelativePath(folder, image.File), [], () => Scan(image, references, found));
            }
        }
        finally
        {
            images.ForEach(image => image.Dispose());
        }

        if (found.Count == 0 && problems.Count == problemsBefore)
        {
            problems.Add(new PluginProblem(folder, $"holds no plugin: {Contents()}"));
        }
    }

    private void Scan(AssemblyImage image, FolderReferences references, List<PluginDescription> found)
    {
        if (!image.References.ContainsKey(Contracts.Name) || !IsAtTop(Path.GetRelativePath(folder, image.File)))
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
            new AssemblyScan(image, folder, found, problems).Run();
        }
    }

    private void Guarded(string name, byte[] bytes, Action read)
    {
        var file = Path.Combine(folder, name);
        try
        {
            read();
        }
        catch (BadImageFormatException)
        {
            // Deeper down lie libraries of other systems.
            if (IsAtTop(name))
            {
                problems.Add(new PluginProblem(file, $"not a .NET assembly: {AssemblyImage.Otherwise(bytes)}"));
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
    private static bool IsAtTop(string name) => Path.GetDirectoryName(name)!.Length == 0;

    private string Contents()
    {
        var names = Directory.EnumerateFileSystemEntries(folder).Select(e => Path.GetFileName(e)!).Order(StringComparer.Ordinal).Take(6).ToList();
        return names.Count == 0 ? "it is empty" : $"no assembly in it has a class with [Plugin] (it has {string.Join(", ", names.Take(5))}{(names.Count > 5 ? ", ..." : "")})";
    }
}
