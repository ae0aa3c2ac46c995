using System.Net;
using System.Net.Sockets;
using Orchestrator.Abstractions;

namespace Orchestrator.Transports.Tests;

/// <summary>
/// Hosts that come and go by the hundred, and hosts that are alive and compute nothing.
/// </summary>
public sealed class HostLifeTests
{
    private const int Length = 64;

    [Theory]
    [InlineData("tcp")]
    [InlineData("shared-memory")]
    public void AHostThatHasLeft_LeavesNothingButALine(string transport)
    {
        const int Joins = 100;
        using var server = Open(transport, new Limits(60_000, 60_000));
        var peers = Visit(server, transport, Joins);
        for (var round = 0; round < 100 && peers.Count(peer => peer.IsAlive) > 1; round++)
        {
            // A thread that ends or the watch's next tick may hold one a little longer.
            server.Receive(100, out _);
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.InRange(peers.Count(peer => peer.IsAlive), 0, 1);
        Assert.Equal(Enumerable.Range(1, Joins), server.Traffic.Select(host => host.Host));
        Assert.All(server.Traffic, host => Assert.NotNull(host.Left));
    }

    [Theory]
    [InlineData("tcp", false)]
    [InlineData("tcp", true)]
    [InlineData("shared-memory", false)]
    [InlineData("shared-memory", true)]
    public void AHostThatHoldsAGradientForTooLong_IsGivenUp_AndItsWorkIsTold(string transport, bool listensItself)
    {
        // A short bound; the host says all the time that it is alive.
        var limits = new Limits(2_000, 60_000) { LeastGradient = 1_000, GradientFactor = 2 };
        using var server = Open(transport, limits, listensItself ? _ => { } : null);
        using var host = Join(server, transport);
        var work = new HostWork();
        Post(server, 1);
        Assert.True(host.Receive(work, wait: true));
        host.Complete(work, 1, 1);
        server.Return(Until(server, LinkEventKind.Completed).Ticket);
        Post(server, 2);
        Assert.True(host.Receive(work, wait: true));

        var left = Until(server, LinkEventKind.HostLeft);
        Assert.Contains("holds a gradient for", left.Message);
        Assert.Contains("are allowed", left.Message);
        Assert.Equal(2, Until(server, LinkEventKind.Lost).Ticket);
    }

    [Fact]
    public void AHostThatOnlyComputes_TakesWhatIsSent_AndHearsTheRunsFarewell()
    {
        // Far more than the operating system's buffers hold.
        const int Large = 8 << 20;
        var server = Open("tcp", new Limits(60_000, 60_000) { Parting = 60_000 }, length: Large);
        using var host = Join(server, "tcp");
        Post(server, 1, Large);
        Assert.True(host.Receive(new HostWork(), wait: true));
        Post(server, 2, Large);
        Assert.True(SpinWait.SpinUntil(() => server.Peers[0].BytesDown > (Large * sizeof(float)) + 1_000, 60_000));
        server.Dispose();

        // Its second piece of work had begun to come, and so came whole before the farewell.
        var work = new HostWork();
        while (host.Receive(work, wait: true))
        {
        }

        Assert.Null(host.Fault);
    }

    [Theory]
    [InlineData("tcp")]
    [InlineData("shared-memory")]
    public void WhoeverHangsUpWhileItGreets_IsNobody_SoThatAHostWaitsOn(string transport)
    {
        using var folder = new TemporaryFolder();
        var token = Path.Combine(folder.Path, "token");
        using (var run = Open("tcp", new Limits(60_000, 60_000)))
        {
            File.Copy(run.Meeting!.TokenFile!, token);
        }

        var isTcp = transport == "tcp";
        using var listener = isTcp
            ? new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
            : new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        var name = $"{SharedJoining.Prefix}hangs-up-{Environment.ProcessId}";
        listener.Bind(isTcp ? new IPEndPoint(IPAddress.Loopback, 0) : SharedJoining.EndPoint(name));
        listener.Listen();
        var hangingUp = new Thread(() => listener.Accept().Dispose()) { IsBackground = true };
        hangingUp.Start();
        var request = new JoinRequest(isTcp ? listener.LocalEndPoint!.ToString()! : name, token, 1);

        var nobody = Assert.Throws<TransportException>(() => isTcp ? TcpJoining.Open(request) : (IJoining)SharedJoining.Open(request));

        Assert.True(hangingUp.Join(20_000));
        Assert.True(nobody.IsNobodyThere);
        Assert.Contains("the connection ended", nobody.Message);
    }

    private static List<WeakReference> Visit(RemoteServerEnd server, string transport, int times)
    {
        var peers = new List<WeakReference>();
        for (var i = 0; i < times; i++)
        {
            var host = Join(server, transport);
            peers.Add(new WeakReference(server.Peers[^1]));
            host.Dispose();
            Until(server, LinkEventKind.HostLeft);
        }

        return peers;
    }

    private static RemoteServerEnd Open(string transport, Limits limits, Action<bool>? ready = null, int length = Length)
    {
        var terms = new LinkTerms(length, length, 0, 4) { ResultReady = ready };
        return transport == "tcp" ? TcpServerEnd.Open(terms, limits) : SharedServerEnd.Open(terms, limits);
    }

    private static void Post(IServerEnd server, long ticket, int length = Length) =>
        server.Post(new Work(ticket, 0, ticket, 0, 0, 0.1, server.CreateSent(length), null));

    private static IHostEnd Join(IServerEnd server, string transport)
    {
        IHostEnd? host = null;
        var joining = new Thread(() =>
        {
            var request = new JoinRequest(server.Meeting!.Address, server.Meeting.TokenFile, 1);
            using IJoining half = transport == "tcp" ? TcpJoining.Open(request) : SharedJoining.Open(request);
            host = half.Begin(half.Session.Facts);
        });
        joining.Start();
        Until(server, LinkEventKind.HostJoined);
        Assert.True(joining.Join(20_000));
        return host!;
    }

    private static LinkEvent Until(IServerEnd server, LinkEventKind kind)
    {
        for (var waited = 0; waited < 60_000; waited += 100)
        {
            if (server.Receive(100, out var next) && next.Kind == kind)
            {
                return next;
            }
        }

        throw new TimeoutException($"no {kind}");
    }
}
