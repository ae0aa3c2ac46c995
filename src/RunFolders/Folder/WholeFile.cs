using Orchestrator.Abstractions;

namespace Orchestrator.RunFolders;

/// <summary>
/// Writes a file so that any reader, at any moment and after any crash, sees either the whole old
/// content or the whole new one.
/// </summary>
public static class WholeFile
{
    /// <summary>
    /// Takes the room that the next <see cref="Write"/> of this file may need, so that it succeeds
    /// on a disk that is full by then.
    /// </summary>
    /// <exception cref="RecorderException">There is no such room.</exception>
    public static void Reserve(string path, int bytes) => WriteTemporary(path, Temporary(path), [new byte[bytes]]);

    /// <summary>Writes a file, or puts another in its place.</summary>
    /// <param name="path">The file.</param>
    /// <param name="parts">What it holds, one behind the other.</param>
    /// <exception cref="RecorderException">The file cannot be written.</exception>
    public static void Write(string path, params ReadOnlySpan<ReadOnlyMemory<byte>> parts)
    {
        WriteTemporary(path, Temporary(path), parts);
        PutInPlace(path, Temporary(path));
    }

    /// <summary>
    /// As <see cref="Write"/>, for a file that other processes may write at the same time: the last
    /// one's content stays.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="parts">What it holds, one behind the other.</param>
    /// <exception cref="RecorderException">The file cannot be written.</exception>
    public static void WriteAmongOthers(string path, params ReadOnlySpan<ReadOnlyMemory<byte>> parts)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            WriteTemporary(path, temporary, parts);
            PutInPlace(path, temporary);
        }
        catch
        {
            TryDelete(temporary);
            throw;
        }
    }

    private static string Temporary(string path) => path + ".tmp";

    /// <summary>Removes what is half written, if it can; what went wrong before is what is told.</summary>
    internal static void TryDelete(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception e) when (RecorderException.IsRefusal(e))
        {
        }
    }

    private static void PutInPlace(string path, string temporary)
    {
        try
        {
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (RecorderException.IsRefusal(e))
        {
            throw new RecorderException(path, e);
        }
    }

    private static void WriteTemporary(string path, string temporary, ReadOnlySpan<ReadOnlyMemory<byte>> parts)
    {
        try
        {
            RegularFile.ThrowIfOther(temporary);

            // Not truncated first: reserved room is written over in place.
            using var handle = File.OpenHandle(temporary, FileMode.OpenOrCreate, FileAccess.Write);
            long length = 0;
            foreach (var part in parts)
            {
                RandomAccess.Write(handle, part.Span, length);
                length += part.Length;
            }

            RandomAccess.SetLength(handle, length);
            RandomAccess.FlushToDisk(handle);
        }
        catch (Exception e) when (RecorderException.IsRefusal(e))
        {
            throw new RecorderException(path, e);
        }
    }
}
