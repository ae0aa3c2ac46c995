using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Orchestrator.Transports;

/// <summary>
/// What the server's thread sleeps on, on Linux: hosts' sockets, and a bell that any thread may
/// ring. So the thread that needs a result is the one that its arrival wakes.
/// </summary>
internal sealed partial class Readiness : IDisposable
{
    private const int Events = 0x80800; // EFD_CLOEXEC | EFD_NONBLOCK

    private readonly int bell;
    private PollEntry[] entries = new PollEntry[8];
    private int count;
    private bool disposed;

    public Readiness() => bell = NewBell(0, Events) is >= 0 and var made ? made : throw new Win32Exception(Marshal.GetLastPInvokeError());

    /// <summary>Ends the wait in progress, or the next one; from any thread.</summary>
    public unsafe void Ring()
    {
        var one = 1UL;
        _ = Write(bell, &one, sizeof(ulong));
    }

    /// <summary>Forgets what was waited for.</summary>
    public void Clear()
    {
        entries[0] = new PollEntry { Handle = bell, Requested = PollEntry.Readable };
        count = 1;
    }

    /// <summary>Waits for a socket too; returns its place.</summary>
    public int Add(int handle)
    {
        if (count == entries.Length)
        {
            Array.Resize(ref entries, 2 * count);
        }

        entries[count] = new PollEntry { Handle = handle, Requested = PollEntry.Readable };
        return count++;
    }

    /// <summary>
    /// Waits until something can be read, or the bell rings, or the time (ms; -1 for ever) is over.
    /// </summary>
    /// <returns>Whether a socket may have something.</returns>
    public unsafe bool Wait(int timeout)
    {
        int ready;
        fixed (PollEntry* first = entries)
        {
            ready = PollEntry.Poll(first, (nuint)count, timeout);
        }

        if (ready > 0 && entries[0].Returned != 0)
        {
            ulong rings;
            _ = Read(bell, &rings, sizeof(ulong));
            ready--;
        }

        return ready > 0;
    }

    /// <summary>Whether any socket is waited for.</summary>
    public bool Any => count > 1;

    /// <summary>Whether the socket at a place has something, or has ended.</summary>
    public bool Has(int place) => entries[place].Returned != 0;

    public void Dispose()
    {
        if (!disposed)
        {
            disposed = true;
            _ = Close(bell);
        }
    }

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    private static partial int NewBell(uint start, int flags);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static unsafe partial nint Read(int handle, void* room, nint length);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static unsafe partial nint Write(int handle, void* data, nint length);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int handle);
}

/// <summary>struct pollfd.</summary>
internal partial struct PollEntry
{
    public const short Readable = 1;

    public int Handle;
    public short Requested;
    public short Returned;

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    public static unsafe partial int Poll(PollEntry* entries, nuint count, int timeout);
}
