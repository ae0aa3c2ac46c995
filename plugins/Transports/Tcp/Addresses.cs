using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Orchestrator.Abstractions;

namespace Orchestrator.Transports;

/// <summary>
/// HOST:PORT as people write it: a name, an address, or [an address of version 6].
/// </summary>
internal static class Addresses
{
    public const string Form = "HOST:PORT";

    /// <summary>Takes a text apart, without asking anybody for a name.</summary>
    public static bool TryParse(string text, out string host, out int port)
    {
        (host, port) = ("", 0);
        var colon = text.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        (host, port) = (text[..colon], number);
        if (host is ['[', .. var inner, ']'])
        {
            host = inner;
            return IPAddress.TryParse(inner, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6;
        }

        // Without brackets it is not clear where an address of version 6 ends. A scheme is a link
        // of another kind.
        return Uri.CheckHostName(host) is UriHostNameType.Dns or UriHostNameType.IPv4 && host != SharedJoining.Prefix.TrimEnd(':');
    }

    /// <summary>All addresses that a text names, the preferred first.</summary>
    /// <exception cref="TransportException">It names none.</exception>
    public static IReadOnlyList<IPEndPoint> Resolve(string text)
    {
        if (!TryParse(text, out var host, out var port))
        {
            throw new TransportException(Malformed(text));
        }

        try
        {
            var found = IPAddress.TryParse(host, out var address) ? [address] : Dns.GetHostAddresses(host);
            return found.Length > 0
                ? [.. found.Select(one => new IPEndPoint(one, port))]
                : throw new TransportException($"'{text}': the name {host} has no address.") { IsNobodyThere = true };
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            throw new TransportException($"'{text}': the name {host} is not known ({e.Message})", e) { IsNobodyThere = true };
        }
    }

    public static string Malformed(string text) => $"'{text}' is no address; {Form} is needed, e.g. 127.0.0.1:5151 or [::1]:5151.";
}
