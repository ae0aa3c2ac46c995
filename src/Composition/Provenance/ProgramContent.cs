using System.Collections.Concurrent;
using System.Reflection;

namespace Orchestrator.Composition;

/// <summary>
/// What assemblies of the program are, by content. Each is read once: a running program's own files
/// do not change under it.
/// </summary>
public static class ProgramContent
{
    private static readonly ConcurrentDictionary<Assembly, ContentHashes> Known = [];

    /// <summary>The hashes of an assembly's file.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static ContentHashes Of(Assembly assembly) => Known.GetOrAdd(assembly, Read);

    private static ContentHashes Read(Assembly assembly)
    {
        var (folder, file) = (Path.GetDirectoryName(assembly.Location)!, Path.GetFileName(assembly.Location));
        CacheFiles? cache = null;
        CopyAges.Try(() => cache = PluginCache.Users.Files);
        return ContentHashes.Of(folder, [new(file, FolderContent.OfFile(assembly.Location))], cache);
    }
}
