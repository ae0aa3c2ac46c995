using System.IO.MemoryMappedFiles;

namespace Orchestrator.Transports;

/// <summary>
/// Memory that processes share: a file that has lost its name before anybody hears of it, wholly
/// allocated, so that a full file system is an error here and no signal later. Another process of
/// the same user finds it through its maker's open file.
/// </summary>
internal sealed unsafe class SharedFile : IDisposable
{
    private const string Prefix = "orchestrator-";

    private readonly FileStream file;
    private readonly MemoryMappedViewAccessor view;
    private readonly byte* start;
    private bool disposed;

    private SharedFile(FileStream file, long length, MemoryMappedFileAccess access)
    {
        (this.file, Length) = (file, length);
        using var mapped = MemoryMappedFile.CreateFromFile(file, null, length, access, HandleInheritability.None, leaveOpen: true);
        view = mapped.CreateViewAccessor(0, length, access);
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        GC.AddMemoryPressure(length);
    }

    ~SharedFile() => Free();

    /// <summary>Where such files are made: in memory, or else among the temporary files.</summary>
    public static string[] Folders { get; } = Directory.Exists("/dev/shm") ? ["/dev/shm", Path.GetTempPath()] : [Path.GetTempPath()];

    /// <summary>Bytes.</summary>
    public long Length { get; }

    public byte* Start => start;

    /// <summary>The file's number among its maker's open files.</summary>
    public int Number => (int)file.SafeFileHandle.DangerousGetHandle();

    /// <summary>Makes a file and maps it for reading and writing.</summary>
    /// <param name="folder">One of <see cref="Folders"/>.</param>
    /// <param name="length">Bytes, zero at first.</param>
    /// <param name="othersWrite">Whether other processes may open it for writing.</param>
    /// <exception cref="IOException">There is no room.</exception>
    public static SharedFile Create(string folder, long length, bool othersWrite)
    {
        var path = Path.Combine(folder, Prefix + Guid.NewGuid().ToString("N"));
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.ReadWrite | FileShare.Delete,
            BufferSize = 0,
            PreallocationSize = length,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | (othersWrite ? UnixFileMode.UserWrite : 0);
        }

        var file = new FileStream(path, options);
        try
        {
            File.Delete(path);
            file.SetLength(length);
            return new SharedFile(file, length, MemoryMappedFileAccess.ReadWrite);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Maps a file that another process made.</summary>
    /// <param name="process">The process.</param>
    /// <param name="number">The file's <see cref="Number"/> there.</param>
    /// <param name="fits">Whether a length is one that was agreed on.</param>
    /// <param name="writes">Whether it is mapped for writing too.</param>
    /// <exception cref="ProtocolException">Its length is another.</exception>
    public static SharedFile Open(int process, int number, Func<long, bool> fits, bool writes)
    {
        var file = new FileStream(
            $"/proc/{process}/fd/{number}", FileMode.Open, writes ? FileAccess.ReadWrite : FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        try
        {
            return fits(file.Length)
                ? new SharedFile(file, file.Length, writes ? MemoryMappedFileAccess.ReadWrite : MemoryMappedFileAccess.Read)
                : throw new ProtocolException("its shared memory has not the size that was agreed on");
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Nobody finds the file any more; what is mapped stays.</summary>
    public void Hide() => file.Dispose();

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        // What has failed to come about has no view.
        if (!disposed && view is not null)
        {
            disposed = true;
            view.SafeMemoryMappedViewHandle.ReleasePointer();
            view.Dispose();
            file.Dispose();
            GC.RemoveMemoryPressure(Length);
        }
    }
}
