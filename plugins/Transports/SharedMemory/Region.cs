using System.IO.MemoryMappedFiles;
using Orchestrator.Abstractions;

namespace Orchestrator.Transports;

/// <summary>
/// A host's shared memory. The server makes it as a file that has lost its name before anybody hears of it, wholly allocated, so that a full file system is
/// an error here and no signal later; the host finds it through the server's open file.
/// </summary>
internal sealed unsafe class Region : IDisposable
{
    private const string Prefix = "orchestrator-";

    private readonly FileStream file;
    private readonly MemoryMappedFile mapped;
    private readonly MemoryMappedViewAccessor view;
    private readonly byte* start;
    private bool disposed;

    private Region(FileStream file, RegionLayout layout)
    {
        (this.file, Layout) = (file, layout);
        mapped = MemoryMappedFile.CreateFromFile(file, null, layout.Bytes, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: true);
        view = mapped.CreateViewAccessor(0, layout.Bytes, MemoryMappedFileAccess.ReadWrite);
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        Results = Views(layout.Results, layout.ResultStride, layout.ResultLength);
        Sent = Views(layout.Sent, layout.SentStride, layout.SentLength);
        State = layout.StateLength > 0 ? Views(layout.State, layout.StateStride, layout.StateLength) : [];
    }

    ~Region() => Free();

    public RegionLayout Layout { get; }

    public NativeVector[] Results { get; }

    public NativeVector[] Sent { get; }

    /// <summary>Empty without a worker rule's state.</summary>
    public NativeVector[] State { get; }

    /// <summary>The file's number among this process's open files.</summary>
    public int FileNumber => (int)file.SafeFileHandle.DangerousGetHandle();

    /// <summary>Makes memory for a host, with fewer slots, or elsewhere, where there is little.</summary>
    /// <exception cref="TransportException">There is not even room for two gradients per core.</exception>
    public static Region Create(LinkTerms terms, int cores)
    {
        string[] folders = Directory.Exists("/dev/shm") ? ["/dev/shm", Path.GetTempPath()] : [Path.GetTempPath()];
        IOException? full = null;
        foreach (var folder in folders)
        {
            foreach (var slots in (int[])[(4 * cores) + 1, (2 * cores) + 1])
            {
                try
                {
                    return Create(folder, new RegionLayout(terms, slots));
                }
                catch (IOException e)
                {
                    full = e;
                }
            }
        }

        throw new TransportException($"There is no room for a worker host's {new RegionLayout(terms, (2 * cores) + 1).Bytes >> 20} MB of shared memory ({full!.Message})", full);
    }

    /// <summary>Maps the memory that another process made.</summary>
    public static Region Open(int process, int fileNumber, RegionLayout layout)
    {
        var file = new FileStream($"/proc/{process}/fd/{fileNumber}", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        try
        {
            return file.Length == layout.Bytes
                ? new Region(file, layout)
                : throw new ProtocolException("its shared memory has not the size that was agreed on");
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public ref int Int(long offset) => ref *(int*)(start + offset);

    public ref long Long(long offset) => ref *(long*)(start + offset);

    public ref double Double(long offset) => ref *(double*)(start + offset);

    public Span<byte> Bytes(long offset, int count) => new(start + offset, count);

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private static Region Create(string folder, RegionLayout layout)
    {
        var path = Path.Combine(folder, Prefix + Guid.NewGuid().ToString("N"));
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.ReadWrite | FileShare.Delete,
            BufferSize = 0,
            PreallocationSize = layout.Bytes,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        var file = new FileStream(path, options);
        try
        {
            File.Delete(path);
            file.SetLength(layout.Bytes);
            return new Region(file, layout);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private NativeVector[] Views(long offset, long stride, int length)
    {
        var views = new NativeVector[Layout.Slots];
        for (var slot = 0; slot < views.Length; slot++)
        {
            views[slot] = NativeVector.View((float*)(start + offset + (slot * stride)), length);
        }

        return views;
    }

    private void Free()
    {
        if (!disposed)
        {
            disposed = true;
            view.SafeMemoryMappedViewHandle.ReleasePointer();
            view.Dispose();
            mapped.Dispose();
            file.Dispose();
        }
    }
}
