using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Orchestrator.Transports;

/// <summary>Who is at the other end of a Unix-domain socket, as Linux says it.</summary>
internal static partial class PeerCredentials
{
    private const int SocketLevel = 1;
    private const int CredentialsOption = 17;

    /// <summary>The process at the other end.</summary>
    /// <exception cref="RefusedException">It belongs to another user.</exception>
    public static int ProcessOf(Socket socket)
    {
        Span<int> credentials = stackalloc int[3];
        socket.GetRawSocketOption(SocketLevel, CredentialsOption, MemoryMarshal.AsBytes(credentials));
        return (uint)credentials[1] == GetEffectiveUser()
            ? credentials[0]
            : throw new RefusedException("the process at the other end belongs to another user");
    }

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint GetEffectiveUser();
}
