using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using Orchestrator.Abstractions;

namespace Orchestrator.RunFolders;

/// <summary>
/// Packs run folders into one compressed file, which <c>tar xzf FILE -C OUTPUT</c> unpacks to where
/// they were.
/// </summary>
public static class RunArchive
{
    /// <summary>
    /// Writes it, whole or not at all, reads it back and compares every byte with the folders.
    /// </summary>
    /// <param name="file">The file; one that is there is an error.</param>
    /// <param name="output">The folder of all runs.</param>
    /// <param name="runs">The runs; all in that folder.</param>
    /// <exception cref="IOException">It is there already, cannot be written, or does not hold what
    /// the folders hold.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not.</exception>
    public static void Write(string file, string output, IReadOnlyList<RunEntry> runs)
    {
        if (File.Exists(file))
        {
            throw new IOException($"{file}: it is there already, and archives are not written over.");
        }

        var files = runs.SelectMany(run => FilesOf(run.Folder)).Select(path => (Path: path, Name: Path.GetRelativePath(output, path).Replace('\\', '/'))).ToList();
        var beside = file + ".tmp";
        try
        {
            using (var target = new FileStream(beside, FileMode.Create, FileAccess.Write))
            {
                using (var packed = new GZipStream(target, CompressionLevel.Optimal, leaveOpen: true))
                using (var tar = new TarWriter(packed, TarEntryFormat.Pax, leaveOpen: true))
                {
                    foreach (var (path, name) in files)
                    {
                        tar.WriteEntry(path, name);
                    }
                }

                target.Flush(flushToDisk: true);
            }

            Check(beside, files.ToDictionary(f => f.Name, f => f.Path));
            File.Move(beside, file, overwrite: false);
        }
        finally
        {
            File.Delete(beside);
        }
    }

    private static IEnumerable<string> FilesOf(string folder) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Where(path => Path.GetFileName(path) != RunLock.FileName && !path.EndsWith(".tmp", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    private static void Check(string archive, Dictionary<string, string> files)
    {
        using var packed = new GZipStream(new FileStream(archive, FileMode.Open, FileAccess.Read), CompressionMode.Decompress);
        using var tar = new TarReader(packed);
        while (tar.GetNextEntry() is { } entry)
        {
            using var original = files.Remove(entry.Name, out var path) ? RegularFile.Open(path) : throw new IOException($"{archive}: it holds {entry.Name}, which was not asked for.");
            if (!SHA256.HashData(entry.DataStream ?? Stream.Null).AsSpan().SequenceEqual(SHA256.HashData(original)))
            {
                throw new IOException($"{path}: it changed while it was packed.");
            }
        }

        if (files.Count > 0)
        {
            throw new IOException($"{archive}: {files.Keys.First()} is not in it.");
        }
    }
}
