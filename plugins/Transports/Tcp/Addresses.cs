using System.Net;
using System.Net.Sockets;
using Orchestrator.Abstractions;

namespace Orchestrator.Transports;

/// <summary>ADDRESS:PORT as people write it.</summary>
internal static class Addresses
{
    /// <exception cref="TransportException">It is no such thing, or the name is not
    /// known.</exception>
    public static IPEndPoint Resolve(string text)
    {
        if (IPEndPoint.TryParse(text, out var point) && text.LastIndexOf(':') > text.LastIndexOf(']') && (text.Contains(']') || text.Count(c => c == ':') == 1))
        {
            return point;
        }

        var colon = text.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(text.AsSpan(colon + 1), out var port))
        {
            throw new TransportException($"'{text}' is no address; ADDRESS:PORT is needed, e.g. 127.0.0.1:5151 or [::1]:5151.");
        }

        try
        {
            return new IPEndPoint(Dns.GetHostAddresses(text[..colon])[0], port);
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            throw new TransportException($"'{text}': the name {text[..colon]} is not known ({e.Message})", e);
        }
    }
}
