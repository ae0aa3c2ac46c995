using System.Runtime.InteropServices;
using Orchestrator.Abstractions;

namespace Orchestrator.Sweeps;

/// <summary>
/// Files that appear whole or not at all, for many processes on many machines without any lock. A
/// name is given by a hard link, which exactly one of many gets, on network file systems too.
/// </summary>
internal static partial class AtomicFile
{
    private const int AlreadyExists = 17;

    /// <summary>Makes a file that is not there; false where it is.</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">What it holds; no two callers ever give the same.</param>
    /// <exception cref="IOException">It cannot be made, or the file system has no hard
    /// links.</exception>
    public static bool TryCreate(string path, ReadOnlySpan<byte> content)
    {
        if (File.Exists(path))
        {
            return false;
        }

        var temporary = Write(path, content);
        try
        {
            return Link(temporary, path, content);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static string Write(string path, ReadOnlySpan<byte> content)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using var file = File.OpenHandle(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
            RandomAccess.Write(file, content, 0);
            RandomAccess.FlushToDisk(file);
            return temporary;
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    private static bool Link(string temporary, string path, ReadOnlySpan<byte> content)
    {
        if (OperatingSystem.IsWindows())
        {
            return Move(temporary, path);
        }

        if (LinkUnix(temporary, path) == 0)
        {
            return true;
        }

        var error = Marshal.GetLastPInvokeError();
        if (error != AlreadyExists)
        {
            throw new IOException($"{path}: cannot be made by a hard link, which sweeps rest on: {Marshal.GetPInvokeErrorMessage(error)}.");
        }

        // The answer of a server that had made the link may have been lost, and the question asked
        // again.
        return new FileInfo(path).Length == content.Length && content.SequenceEqual(RegularFile.ReadAllBytes(path, content.Length));
    }

    // On Windows a move that replaces nothing is atomic.
    private static bool Move(string temporary, string path)
    {
        try
        {
            File.Move(temporary, path, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(path))
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LinkUnix(string existing, string name);
}
