using System.Diagnostics;
using System.Globalization;
using Orchestrator.Abstractions;

namespace Orchestrator.Transports.Tests;

/// <summary>
/// Malformed input against everything that reads what a peer sends: both sides of the handshake and
/// the frames. Each input must end in one of the three ways a bad peer's connection ends, with
/// little memory; an input is named by its number, and can be run alone.
/// </summary>
internal static class Fuzzer
{
    private const long MostBytes = 1 << 20;
    private const int Steps = 40;

    private static readonly LinkTerms Terms = new(300, 310, 7, 4)
    {
        Session = new SessionDescription("{ \"name\": \"fuzzed\" }", new Dictionary<string, string> { ["program version"] = "1", ["kernel path"] = "x" }),
    };

    private static readonly Token Secret = Token.Create(null);

    /// <summary><c>fuzz [COUNT] [FIRST]</c>.</summary>
    public static int Fuzz(string[] arguments)
    {
        var count = arguments.Length > 0 ? long.Parse(arguments[0], CultureInfo.InvariantCulture) : 1_000_000;
        var first = arguments.Length > 1 ? long.Parse(arguments[1], CultureInfo.InvariantCulture) : 0;
        var elapsed = Stopwatch.StartNew();
        var ends = Run(first, count);
        Console.WriteLine(FormattableString.Invariant(
            $"{count} inputs in {elapsed.Elapsed.TotalSeconds:F0} s: no crash, no hang, at most {ends.LargestAllocation} bytes allocated for one."));
        Console.WriteLine(FormattableString.Invariant(
            $"{ends.Accepted} ended well, {ends.Refused} were refused, {ends.Malformed} broke the protocol, {ends.Short} ended early."));
        var sockets = SocketFuzzer.Run((int)Math.Max(20, count / 200));
        Console.WriteLine(FormattableString.Invariant($"{sockets} of them again over real sockets, while a good host worked: all its results were right."));
        return 0;
    }

    /// <exception cref="InvalidOperationException">An input crashed what reads it, or took too much
    /// memory; the message names it.</exception>
    public static Ends Run(long first, long count)
    {
        var ends = new Ends();
        for (var number = first; number < first + count; number++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                One(number, ends);
            }
            catch (Exception crash) when (crash is not (ProtocolException or RefusedException or EndOfStreamException))
            {
                throw new InvalidOperationException($"input {number}: {crash}", crash);
            }

            ends.LargestAllocation = Math.Max(ends.LargestAllocation, GC.GetAllocatedBytesForCurrentThread() - before);
            if (ends.LargestAllocation > MostBytes)
            {
                throw new InvalidOperationException($"input {number}: {ends.LargestAllocation} bytes were allocated");
            }
        }

        return ends;
    }

    /// <summary>Bytes that a host might send after the handshake, for work that is out.</summary>
    public static byte[] Frames(Random random, int resultBytes)
    {
        var all = new List<byte>();
        for (var i = random.Next(4); i >= 0; i--)
        {
            var kind = random.Next(4);
            var length = kind == 0 ? resultBytes : kind == 1 ? random.Next(40) : 0;
            var frame = new Frame(
                length,
                kind switch { 0 => FrameKind.Result, 1 => FrameKind.Abandoned, 2 => FrameKind.Alive, _ => FrameKind.Bye },
                0, i % 4, 0, i % 4, (i % 4) + 1, 7, 9, 0, 0.5);
            var bytes = new byte[Frame.HeaderLength + length];
            frame.Write(bytes);
            all.AddRange(Mutation.Of(random, bytes));
        }

        return [.. all];
    }

    private static void One(long number, Ends ends)
    {
        var random = new Random(unchecked((int)(number * 2_654_435_761)));
        try
        {
            switch (number % 3)
            {
                case 0:
                    ServerSide(random);
                    break;
                case 1:
                    HostSide(random);
                    break;
                default:
                    FrameSide(random);
                    break;
            }

            ends.Accepted++;
        }
        catch (RefusedException)
        {
            ends.Refused++;
        }
        catch (ProtocolException)
        {
            ends.Malformed++;
        }
        catch (EndOfStreamException)
        {
            ends.Short++;
        }
    }

    // A host that knows the token, mostly, so that every step is reached.
    private static void ServerSide(Random random)
    {
        var step = 0;
        var stream = new ScriptedStream(written => ++step switch
        {
            1 => Mutation.Of(random, Hello(written.ToArray())),
            2 => Mutation.Of(random, Letter(HandshakeMessageKind.Facts, new WireWriter().Facts(Terms.Session.Facts))),
            _ => null,
        });
        new ServerHandshake(Terms, Secret).Run(stream, () => { });
    }

    private static void HostSide(Random random)
    {
        var (step, nonce) = (0, Proof.Nonce());
        var stream = new ScriptedStream(written => ++step switch
        {
            1 =>
                Mutation.Of(
                    random, Letter(HandshakeMessageKind.Greeting, new WireWriter().Bytes(ServerHandshake.Magic).Int(ServerHandshake.Version).Bytes(nonce))),
            2 when written.Length > 0 => Mutation.Of(random, Session(written.ToArray(), nonce)),
            3 => Mutation.Of(random, random.Next(2) == 0
                ? Letter(HandshakeMessageKind.Accepted, new WireWriter().Int(1).Int(5).Int(1_000))
                : Letter(HandshakeMessageKind.Refused, new WireWriter().Text("no"))),
            _ => null,
        });
        var handshake = new HostHandshake(stream, Secret);
        handshake.Greet(2);
        var accepted = new WireReader(handshake.Show(handshake.Terms.Session.Facts), "acceptance");
        accepted.Int();
        accepted.Int();
        accepted.Int();
    }

    private static void FrameSide(Random random)
    {
        var outstanding = new Outstanding(4);
        for (var slot = 0; slot < 4; slot++)
        {
            outstanding.Expect(slot, new Work(slot + 1, slot, 7, 0, 0, 0, null!, null));
        }

        using var result = new NativeVector(Terms.PushLength + Terms.StateLength);
        var sent = false;
        var stream = new ScriptedStream(_ =>
        {
            var more = sent ? null : Frames(random, result.Length * sizeof(float));
            sent = true;
            return more;
        });
        var frameReader = new FrameReader(stream.Read, Terms, outstanding, _ => result) { Searches = true };
        var over = false;
        for (var i = 0; i < Steps && !over; i++)
        {
            frameReader.Read(null, out _, out over);
        }
    }

    private static byte[] Hello(byte[] greeting)
    {
        var nonce = greeting.AsSpan(8 + ServerHandshake.Magic.Length + 4, Proof.Length).ToArray();
        var own = Proof.Nonce();
        return Letter(HandshakeMessageKind.Hello, new WireWriter()
            .Bytes(ServerHandshake.Magic).Int(ServerHandshake.Version).Bytes(own).Bytes(Proof.OfHost(Secret, nonce, own)).Int(2).Text("machine:1"));
    }

    private static byte[] Session(byte[] hello, byte[] nonce)
    {
        var own = hello.AsSpan(8 + ServerHandshake.Magic.Length + 4, Proof.Length).ToArray();
        return Letter(HandshakeMessageKind.Session, new WireWriter()
            .Bytes(Proof.OfServer(Secret, nonce, own)).Int(300).Int(310).Int(7).Facts(Terms.Session.Facts).Text(Terms.Session.Document));
    }

    private static byte[] Letter(HandshakeMessageKind kind, WireWriter message)
    {
        var stream = new MemoryStream();
        HandshakeMessages.Send(stream, kind, message);
        return stream.ToArray();
    }

    /// <summary>How many inputs ended how.</summary>
    internal sealed class Ends
    {
        public long Accepted { get; set; }

        public long Refused { get; set; }

        public long Malformed { get; set; }

        public long Short { get; set; }

        public long LargestAllocation { get; set; }
    }
}
