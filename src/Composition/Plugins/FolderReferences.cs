namespace Orchestrator.Composition;

/// <summary>
/// Which assemblies of one plugin folder can load, by what they refer to: the folder's files, the
/// contracts, and the framework.
/// </summary>
internal sealed class FolderReferences
{
    private readonly HashSet<string> files;
    private readonly Dictionary<string, AssemblyImage> images = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="files">Every assembly file in the folder.</param>
    /// <param name="images">Those that could be read.</param>
    public FolderReferences(IEnumerable<string> files, IEnumerable<AssemblyImage> images)
    {
        this.files = files.Select(f => Path.GetFileNameWithoutExtension(f)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var image in images)
        {
            this.images.TryAdd(Path.GetFileNameWithoutExtension(image.File), image);
        }
    }

    /// <summary>Why a plugin assembly cannot load; null when it can.</summary>
    public string? CauseAgainst(AssemblyImage assembly) =>
        Contracts.Reject(assembly.References) ?? FrameworkCause(assembly.References) ?? MissingCause(assembly.References) ?? LibraryCause(assembly, []);

    private static string? FrameworkCause(Dictionary<string, Version> references) =>
        references.TryGetValue("System.Runtime", out var built) && built.Major > Environment.Version.Major
            ? $"built for .NET {built.Major}; this program runs on .NET {Environment.Version.Major}"
            : null;

    private string? MissingCause(Dictionary<string, Version> references)
    {
        var missing = references.Where(r => !Framework.Provides(r.Key) && !Contracts.Shared.Contains(r.Key) && !files.Contains(r.Key))
            .Select(r => $"{r.Key} {r.Value}").ToList();
        return missing.Count == 0
            ? null
            : $"needs {string.Join(" and ", missing)}, which is not in its folder; copy it there (a plugin project sets EnableDynamicLoading)";
    }

    // A library meets the contracts when the plugin uses it, long after the plugin itself was
    // accepted.
    private string? LibraryCause(AssemblyImage assembly, HashSet<AssemblyImage> seen)
    {
        foreach (var reference in assembly.References.Keys)
        {
            if (Contracts.Shared.Contains(reference) || !images.TryGetValue(reference, out var library) || !seen.Add(library))
            {
                continue;
            }

            if (Contracts.Reject(library.References) is { } cause)
            {
                return $"uses {Path.GetFileName(library.File)} of its folder, which was {cause}";
            }

            if (LibraryCause(library, seen) is { } further)
            {
                return further;
            }
        }

        return null;
    }
}
