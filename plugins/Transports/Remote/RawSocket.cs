using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Orchestrator.Transports;

/// <summary>
/// A second handle of a connected socket, on Linux, for a thread that must never wait for the peer:
/// what it sends or receives is what can be sent or received at once, unless it says that it waits.
/// Its own handle, so that another thread may close the socket at any time; what is shut down there
/// ends here.
/// </summary>
internal sealed partial class RawSocket : SafeHandle
{
    private const int BothWays = 2;
    private const int DoNotWait = 0x40;
    private const int NoSignal = 0x4000;
    private const int TryAgain = 11;
    private const int Interrupted = 4;

    /// <exception cref="IOException">No handle is left.</exception>
    public RawSocket(Socket socket)
        : base(-1, ownsHandle: true)
    {
        SetHandle(Duplicate(socket.SafeHandle));
        if (IsInvalid)
        {
            throw new IOException(Marshal.GetLastPInvokeErrorMessage());
        }
    }

    public override bool IsInvalid => handle == -1;

    /// <summary>For <see cref="Readiness"/>, by the thread that disposes of this.</summary>
    public int Number => (int)handle;

    /// <summary>
    /// Sends as much of three pieces, one behind the other, as the system takes now.
    /// </summary>
    /// <returns>Bytes.</returns>
    /// <exception cref="IOException">The connection broke.</exception>
    public static unsafe long Send(SafeHandle socket, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third)
    {
        fixed (byte* a = first, b = second, c = third)
        {
            var pieces = stackalloc Piece[3];
            (pieces[0], pieces[1], pieces[2]) = (new Piece(a, first.Length), new Piece(b, second.Length), new Piece(c, third.Length));
            var message = new Message { Pieces = pieces, Count = 3 };
            return Math.Max(0, Answer(SendMessage(socket, &message, DoNotWait | NoSignal)));
        }
    }

    /// <summary>Receives what is there.</summary>
    /// <returns>Bytes; 0 at the end of the stream; -1 when there is nothing now.</returns>
    /// <exception cref="IOException">The connection broke.</exception>
    public int Receive(Span<byte> room) => Receive(room, DoNotWait);

    /// <summary>Receives what is there, or comes next.</summary>
    /// <returns>Bytes; 0 at the end of the stream; -1 when a signal came first.</returns>
    /// <exception cref="IOException">The connection broke.</exception>
    public int AwaitAndReceive(Span<byte> room) => Receive(room, 0);

    /// <summary>Waits until something can be received, or the time (ms) is over.</summary>
    public unsafe void AwaitInput(int timeout)
    {
        var entry = new PollEntry { Handle = Number, Requested = PollEntry.Readable };
        _ = PollEntry.Poll(&entry, 1, timeout);
    }

    /// <summary>Ends the connection, for both of its handles; from any thread.</summary>
    public void ShutDown()
    {
        if (!IsClosed)
        {
            _ = ShutDown(this, BothWays);
        }
    }

    protected override bool ReleaseHandle() => Close((int)handle) == 0;

    private unsafe int Receive(Span<byte> room, int flags)
    {
        fixed (byte* start = room)
        {
            return (int)Answer(Receive(this, start, room.Length, flags));
        }
    }

    private static long Answer(nint result)
    {
        if (result >= 0)
        {
            return result;
        }

        var error = Marshal.GetLastPInvokeError();
        return error is TryAgain or Interrupted ? -1 : throw new IOException(Marshal.GetPInvokeErrorMessage(error));
    }

    [LibraryImport("libc", EntryPoint = "dup", SetLastError = true)]
    private static partial int Duplicate(SafeHandle socket);

    [LibraryImport("libc", EntryPoint = "shutdown", SetLastError = true)]
    private static partial int ShutDown(SafeHandle socket, int how);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int handle);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    private static unsafe partial nint Receive(SafeHandle socket, byte* room, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "sendmsg", SetLastError = true)]
    private static unsafe partial nint SendMessage(SafeHandle socket, Message* message, int flags);

    // struct iovec
    private readonly unsafe struct Piece(byte* start, nint length)
    {
        public readonly byte* Start = start;
        public readonly nint Length = length;
    }

    // struct msghdr
    private unsafe struct Message
    {
        public void* Name;
        public int NameLength;
        public Piece* Pieces;
        public nint Count;
        public void* Control;
        public nint ControlLength;
        public int Flags;
    }
}
