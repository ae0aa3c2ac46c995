namespace Orchestrator.Composition;

/// <summary>What assemblies a plugin folder can find: its own files, the contracts, and the framework.</summary>
internal sealed class PluginFolderFiles(string folder)
{
    private static readonly HashSet<string> Provided = Names(
        (AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries));

    private readonly Lazy<HashSet<string>> own = new(() => Names(Directory.EnumerateFiles(folder, "*.dll", SearchOption.AllDirectories)));

    /// <summary>Why an assembly with these references cannot load; null when it can.</summary>
    public string? MissingOf(Dictionary<string, Version> references)
    {
        foreach (var (name, version) in references)
        {
            if (name == "System.Runtime" && version.Major > Environment.Version.Major)
            {
                return $"built for .NET {version.Major}; this program runs on .NET {Environment.Version.Major}";
            }
        }

        var missing = references.Where(r => !Provided.Contains(r.Key) && !Contracts.Shared.Contains(r.Key) && !own.Value.Contains(r.Key))
            .Select(r => $"{r.Key} {r.Value}").ToList();
        return missing.Count == 0 ? null : $"needs {string.Join(" and ", missing)}, which is not in its folder; copy it there (a plugin project sets EnableDynamicLoading)";
    }

    private static HashSet<string> Names(IEnumerable<string> files) => files.Select(f => Path.GetFileNameWithoutExtension(f)).ToHashSet(StringComparer.OrdinalIgnoreCase);
}
