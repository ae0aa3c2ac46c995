using System.IO.Enumeration;

namespace Orchestrator.Composition;

/// <summary>
/// What lies in a plugin folder, for those who read or copy it: files, and links to files, in the
/// order of their paths. Links to folders are not followed: they may lead round in a ring, or into
/// a tree that nobody meant to copy.
/// </summary>
internal static class FolderFiles
{
    /// <summary>
    /// Far more than a plugin with a deep-learning library brings; a home folder that was named by
    /// mistake has more.
    /// </summary>
    public const int Most = 20_000;

    private static readonly EnumerationOptions Everywhere = new() { RecurseSubdirectories = true, MaxRecursionDepth = 16, AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false };

    /// <summary>Paths relative to the folder.</summary>
    /// <exception cref="IOException">It cannot be read, or holds more than <see cref="Most"/>
    /// files.</exception>
    /// <exception cref="UnauthorizedAccessException">It, or a folder in it, is closed to this
    /// user.</exception>
    public static List<string> In(string folder)
    {
        var found = new FileSystemEnumerable<string>(folder, (ref entry) => entry.ToFullPath(), Everywhere)
        {
            ShouldIncludePredicate = (ref entry) => !entry.IsDirectory,
            ShouldRecursePredicate = (ref entry) => !entry.Attributes.HasFlag(FileAttributes.ReparsePoint),
        };
        var files = found.Take(Most + 1).Select(f => Path.GetRelativePath(folder, f)).Where(f => !Contracts.IsShared(f)).ToList();
        if (files.Count > Most)
        {
            throw new IOException($"it holds more than {Most} files; is it a plugin's folder?");
        }

        files.Sort(StringComparer.Ordinal);
        return files;
    }

    /// <summary>
    /// A file's length, behind a link that of its target. What is no regular file, such as a pipe,
    /// has none: it counts as empty and must not be opened, which would wait for a writer for ever.
    /// </summary>
    public static long Length(string file)
    {
        var info = new FileInfo(file);
        return info.LinkTarget is null ? info.Length : info.ResolveLinkTarget(returnFinalTarget: true) is FileInfo { Exists: true } target ? target.Length : throw new FileNotFoundException($"the link '{file}' leads nowhere");
    }
}
