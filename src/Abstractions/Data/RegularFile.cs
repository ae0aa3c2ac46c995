using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Orchestrator.Abstractions;

/// <summary>
/// Opens files that somebody else may have named or made. Whatever is no regular file is refused,
/// and nothing is ever waited for: where a pipe lies in a file's place, opening it as usual would
/// wait for somebody who writes, perhaps for ever, and a device may have no end.
/// </summary>
public static partial class RegularFile
{
    // The values of O_NONBLOCK | O_CLOEXEC.
    private const int LinuxFlags = 0x800 | 0x80000;
    private const int DarwinFlags = 0x4 | 0x1000000;

    private const int NotPermitted = 1;
    private const int NoSuchFile = 2;
    private const int AccessDenied = 13;
    private const int NotAFolder = 20;

    /// <summary>
    /// Opens a file to be read; others may go on writing, renaming and deleting it.
    /// </summary>
    /// <param name="path">The file; links are followed.</param>
    /// <param name="bufferSize">Bytes of buffer; 0 takes none.</param>
    /// <exception cref="IOException">It is no regular file, is not there, or cannot be
    /// read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    /// <exception cref="ArgumentException">The path is empty or holds a zero character.</exception>
    public static FileStream Open(string path, int bufferSize = 4096)
    {
        var full = Path.GetFullPath(path);
        if (Directory.Exists(full))
        {
            throw new IOException($"'{path}' is a folder; a file is expected");
        }

        var file = OperatingSystem.IsLinux() || OperatingSystem.IsMacOS()
            ? OpenWithoutWaiting(path, full, bufferSize)
            : new FileStream(full, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize);
        if (IsRegular(file))
        {
            return file;
        }

        file.Dispose();
        throw new IOException($"'{path}' is a pipe or a device, not a regular file");
    }

    /// <summary>A whole file.</summary>
    /// <param name="path">The file; links are followed.</param>
    /// <param name="most">Bytes it may have; never more than an array has room for.</param>
    /// <exception cref="IOException">It is no regular file, is longer, is not there, or cannot be
    /// read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    /// <exception cref="ArgumentException">The path is empty or holds a zero character.</exception>
    public static byte[] ReadAllBytes(string path, long most)
    {
        using var file = Open(path, bufferSize: 0);
        var length = file.Length;
        most = Math.Min(most, Array.MaxLength);
        if (length > most)
        {
            throw new IOException(FormattableString.Invariant($"'{path}' has {length:#,0} bytes; at most {most:#,0} are read"));
        }

        var bytes = new byte[length];
        var read = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return read == bytes.Length ? bytes : bytes[..read];
    }

    /// <summary>
    /// Before a file is written over in a folder that somebody else may have filled: a pipe there
    /// would be waited for, and a link leads anywhere.
    /// </summary>
    /// <param name="path">The file; it may be absent.</param>
    /// <exception cref="IOException">Something other than a regular file lies there.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static void ThrowIfOther(string path)
    {
        if (new FileInfo(path).LinkTarget is { } target)
        {
            throw new IOException($"'{path}' is a link to '{target}', and is not written over");
        }

        if (File.Exists(path))
        {
            Open(path, bufferSize: 0).Dispose();
        }
    }

    private static FileStream OpenWithoutWaiting(string path, string full, int bufferSize)
    {
        var handle = OpenFile(full, OperatingSystem.IsLinux() ? LinuxFlags : DarwinFlags);
        if (!handle.IsInvalid)
        {
            return new FileStream(handle, FileAccess.Read, bufferSize);
        }

        var error = Marshal.GetLastPInvokeError();
        handle.Dispose();
        throw error switch
        {
            NoSuchFile or NotAFolder => new FileNotFoundException($"there is no file '{path}'", path),
            AccessDenied or NotPermitted => new UnauthorizedAccessException($"access to '{path}' is denied"),
            _ => new IOException($"'{path}' cannot be opened: {Marshal.GetPInvokeErrorMessage(error)}"),
        };
    }

    // What cannot be sought is a pipe or a terminal. Other devices, and files that the kernel makes
    // up as they are read, have no length, and yet something to read.
    private static bool IsRegular(FileStream file)
    {
        if (!file.CanSeek)
        {
            return false;
        }

        Span<byte> one = stackalloc byte[1];
        return file.Length > 0 || RandomAccess.Read(file.SafeFileHandle, one, 0) == 0 || file.Length > 0;
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle OpenFile(string path, int flags);
}
