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

    private static RemoteServerEnd Open(string transport, Limits limits, Action<bool>? ready = null)
    {
        var terms = new LinkTerms(Length, Length, 0, 4) { ResultReady = ready };
        return transport == "tcp" ? TcpServerEnd.Open(terms, limits) : SharedServerEnd.Open(terms, limits);
    }

    private static void Post(IServerEnd server, long ticket) =>
        server.Post(new Work(ticket, 0, ticket, 0, 0, 0.1, server.CreateSent(Length), null));

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
