using System.Diagnostics;
using System.Numerics.Tensors;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Orchestrator.Abstractions;

namespace Orchestrator.Bench.Transports;

/// <summary>
/// Round trips with one piece of work out at a time: copy the parameters into what is sent, post,
/// the host copies it into its result (for a gradient), take, apply in tiles, return.
/// </summary>
internal static class RoundTrips
{
    private const double Seconds = 1;
    private const double WarmUp = 0.5;
    private const int Tile = 4_096;

    // A checkout of ps-lite's sources, where there is one.
    private static readonly string? PsLite = Environment.GetEnvironmentVariable("PS_LITE");

    private static readonly Case[] Cases =
    [
        new("memcpy"), new("in-process"),
        new("C, shared memory"), new("shared-memory", "C, shared memory", 0.8),
        new("C, tcp"), new("tcp", "C, tcp", 0.9), new("tcp, TLS", "tcp"),
        .. PsLite is null ? [] : new[] { new Case("ps-lite", "tcp") },
    ];

    public static void Run(int rounds)
    {
        var folder = Directory.CreateTempSubdirectory("transports-").FullName;
        var certificate = Certificate(folder);
        var (tcp, shared) = (Compile(folder, "tcp"), Compile(folder, "shared_memory"));
        foreach (var length in (int[])[61_706, 1_199_882])
        {
            var rates = Cases.ToDictionary(c => c.Name, _ => new List<double>());
            for (var round = 0; round < rounds; round++)
            {
                rates["memcpy"].Add(Copies(length));
                rates["in-process"].Add(Trips("in-process", length, MeetingPlace.Private));
                rates["C, shared memory"].Add(double.Parse(Parts.Output(shared, $"{length}", $"{Seconds}")));
                rates["shared-memory"].Add(Trips("shared-memory", length, MeetingPlace.Private));
                rates["C, tcp"].Add(double.Parse(Parts.Output(tcp, $"{length}", $"{Seconds}")));
                rates["tcp"].Add(Trips("tcp", length, MeetingPlace.Private));
                if (PsLite is not null)
                {
                    rates["ps-lite"].Add(double.Parse(Parts.Output(Path.Combine(Parts.Metadata("Reference"), "ps_lite.sh"), PsLite, $"{length}", $"{Seconds}")));
                }

                rates["tcp, TLS"].Add(Trips("tcp", length, new MeetingPlace("127.0.0.1:0", null, certificate)));
            }

            Parts.Show(
                $"Round trip of {length} floats: work down, apply, result up. {rounds} interleaved rounds, {Environment.ProcessorCount} cores, .NET {Environment.Version}.",
                "trips/s", Cases, rates);
        }

        Directory.Delete(folder, recursive: true);
    }

    /// <summary>The host of a round trip: a process of its own.</summary>
    public static void Echo(string transport, string address, string token)
    {
        using var joining = Parts.Transport(transport).Join(new JoinRequest(address, token.Length > 0 ? token : null, 1));
        Echo(joining.Begin(joining.Session.Facts));
    }

    private static void Echo(IHostEnd host)
    {
        var work = new HostWork();
        while (host.Receive(work, wait: true))
        {
            work.Work.Sent.Span.CopyTo(work.Result.Span);
            host.Complete(work, 1, 1);
        }

        host.Dispose();
    }

    /// <summary>Round trips per second over one transport.</summary>
    public static double Trips(string transport, int length, MeetingPlace place, double seconds = Seconds)
    {
        using var server = Parts.Transport(transport).Listen(new LinkTerms(length, length, 0, 3) { Place = place });
        Thread? thread = null;
        Process? process = null;
        if (server.LocalHost is { } local)
        {
            thread = new Thread(() => Echo(local));
            thread.Start();
        }
        else
        {
            process = Parts.Self("echo", transport, server.Meeting!.Address, server.Meeting.TokenFile ?? "");
            Next(server, LinkEventKind.HostJoined);
        }

        using var parameters = Filled(length);
        using var sent = server.CreateSent(length);
        var (ticket, begun, trips) = (0L, 0L, 0L);
        var start = Stopwatch.GetTimestamp();
        while (begun == 0 || Stopwatch.GetElapsedTime(begun).TotalSeconds < seconds)
        {
            if (begun == 0 && Stopwatch.GetElapsedTime(start).TotalSeconds > WarmUp)
            {
                (begun, trips) = (Stopwatch.GetTimestamp(), 0);
            }

            parameters.Span.CopyTo(sent.Span);
            ticket++;
            server.Post(new Work(ticket, 0, ticket, 0, 0, 0.1, sent, null) { SentNumber = ticket });
            Apply(Next(server, LinkEventKind.Completed).Result!.Span, parameters.Span);
            server.Return(ticket);
            trips++;
        }

        var rate = trips / Stopwatch.GetElapsedTime(begun).TotalSeconds;
        server.LocalHost?.Dispose();
        server.Dispose();
        thread?.Join();
        process?.WaitForExit();
        return rate;
    }

    private static LinkEvent Next(IServerEnd server, LinkEventKind kind)
    {
        while (true)
        {
            if (server.Receive(-1, out var next) && next.Kind == kind)
            {
                return next;
            }
        }
    }

    private static void Apply(ReadOnlySpan<float> gradient, Span<float> parameters)
    {
        for (var offset = 0; offset < gradient.Length; offset += Tile)
        {
            var count = Math.Min(Tile, gradient.Length - offset);
            var tile = parameters.Slice(offset, count);
            TensorPrimitives.MultiplyAdd(gradient.Slice(offset, count), -0.001f, tile, tile);
        }
    }

    private static double Copies(int length)
    {
        using var from = Filled(length);
        using var to = new NativeVector(length);
        var (copies, start) = (0L, Stopwatch.GetTimestamp());
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < 0.2)
        {
            from.Span.CopyTo(to.Span);
            copies++;
        }

        return copies / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static NativeVector Filled(int length)
    {
        var vector = new NativeVector(length);
        for (var i = 0; i < length; i++)
        {
            vector.Span[i] = i % 97 * 0.01f;
        }

        return vector;
    }

    private static string Compile(string folder, string name)
    {
        var program = Path.Combine(folder, name);
        Parts.Output("cc", "-O3", "-march=native", "-o", program, Path.Combine(Parts.Metadata("Reference"), name + ".c"));
        return program;
    }

    private static string Certificate(string folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var made = new CertificateRequest("CN=bench", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        var file = Path.Combine(folder, "bench.pem");
        File.WriteAllText(file, made.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem());
        return file;
    }
}
