using System.Buffers.Binary;

namespace Orchestrator.Transports;

/// <summary>Kinds of the messages of a handshake.</summary>
internal enum HandshakeMessageKind
{
    Greeting = 1,
    Hello = 2,
    Session = 3,
    Facts = 4,
    Accepted = 5,
    Refused = 6,
}

/// <summary>
/// The messages of a handshake on a stream: 4 bytes of length, 4 bytes of kind, then as many bytes
/// as the length says, never more than the reader allows.
/// </summary>
internal static class HandshakeMessages
{
    public const int LongestRefusal = 1_000;
    private const int FirstPiece = 4_096;

    public static void Send(Stream stream, HandshakeMessageKind kind, WireWriter message)
    {
        var written = message.Written;
        var bytes = new byte[8 + written.Length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, written.Length);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), (int)kind);
        written.CopyTo(bytes.AsSpan(8));
        stream.Write(bytes);
        stream.Flush();
    }

    /// <summary>Waits for a message of one kind.</summary>
    /// <exception cref="ProtocolException">It is another one, or too long, or refuses.</exception>
    public static byte[] Receive(Stream stream, HandshakeMessageKind kind, int longest)
    {
        Span<byte> head = stackalloc byte[8];
        stream.ReadExactly(head);
        var (length, came) = (BinaryPrimitives.ReadInt32LittleEndian(head), BinaryPrimitives.ReadInt32LittleEndian(head[4..]));
        var allowed = came == (int)HandshakeMessageKind.Refused ? LongestRefusal + 4 : longest;
        if (came != (int)kind && came != (int)HandshakeMessageKind.Refused)
        {
            throw new ProtocolException($"it sent something else than a {kind} of this protocol");
        }

        if ((uint)length > (uint)allowed)
        {
            throw new ProtocolException($"its {(HandshakeMessageKind)came} claims {length} bytes, where {allowed} are allowed");
        }

        var message = Read(stream, length);
        if (came == (int)HandshakeMessageKind.Refused)
        {
            var refusal = new WireReader(message, "refusal");
            throw new RefusedException(Plain(refusal.Text(LongestRefusal), LongestRefusal));
        }

        return message;
    }

    // What is claimed is not yet there: memory grows with what has come.
    private static byte[] Read(Stream stream, int length)
    {
        var message = new byte[Math.Min(length, FirstPiece)];
        var filled = 0;
        while (true)
        {
            stream.ReadExactly(message, filled, message.Length - filled);
            filled = message.Length;
            if (filled == length)
            {
                return message;
            }

            Array.Resize(ref message, (int)Math.Min(length, 2L * filled));
        }
    }

    public static void Refuse(Stream stream, string why) => Send(stream, HandshakeMessageKind.Refused, new WireWriter().Text(Plain(why, LongestRefusal / 4)));

    /// <summary>A peer's text as it may be shown: no control characters, not too long.</summary>
    public static string Plain(string text, int longest)
    {
        var cut = text.Length > longest ? text[..longest] : text;
        return string.Create(cut.Length, cut, static (plain, from) =>
        {
            for (var i = 0; i < plain.Length; i++)
            {
                plain[i] = char.IsControl(from[i]) ? ' ' : from[i];
            }
        });
    }
}

/// <summary>The other end refuses, and says why.</summary>
internal sealed class RefusedException(string message) : Exception(message);
