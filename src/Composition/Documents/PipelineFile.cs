using System.Runtime.InteropServices;

namespace Orchestrator.Composition;

/// <summary>Reads a pipeline's bytes; refuses whatever is not a regular file of reasonable size, without ever blocking on it.</summary>
internal static class PipelineFile
{
    /// <summary>Largest pipeline, in bytes.</summary>
    public const int LargestBytes = 16 << 20;

    /// <summary>The bytes, or null with a mistake.</summary>
    public static byte[]? Read(string path, Origin askedAt, string askedPath, Mistakes mistakes)
    {
        try
        {
            if (Cause(path) is { } cause)
            {
                mistakes.Add(askedAt, askedPath, cause);
                return null;
            }

            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            var bytes = new byte[(int)Math.Min(file.Length, LargestBytes)];
            var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return bytes[..length];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException or ExternalException)
        {
            mistakes.Add(askedAt, askedPath, $"the file {Mistakes.Quote(path)} cannot be read: {failure.Message}");
            return null;
        }
    }

    private static string? Cause(string path)
    {
        if (Directory.Exists(path))
        {
            return $"{Mistakes.Quote(path)} is a directory; name a pipeline file in it";
        }

        var file = new FileInfo(path);
        if (file.LinkTarget is not null && file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target)
        {
            file = target;
        }

        if (!file.Exists)
        {
            return $"there is no file {Mistakes.Quote(path)}{Neighbour(path)}";
        }

        // Pipes and devices have no length. Opening one could block for ever, so they are refused unopened, together with empty files.
        if (file.Length == 0)
        {
            return $"{Mistakes.Quote(path)} is empty or not a regular file (a pipe, a device); a pipeline is a file with one JSON object";
        }

        return file.Length > LargestBytes
            ? $"{Mistakes.Quote(path)} has {file.Length} bytes; a pipeline has at most {LargestBytes}"
            : null;
    }

    private static string Neighbour(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path));
        if (folder is null || !Directory.Exists(folder))
        {
            return "";
        }

        var names = Directory.EnumerateFiles(folder, "*.json").Take(1000).Select(f => Path.GetFileName(f)!);
        return NearestMatch.Suffix(Path.GetFileName(path), names);
    }
}
