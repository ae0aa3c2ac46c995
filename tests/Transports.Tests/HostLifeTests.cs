using Orchestrator.Abstractions;

namespace Orchestrator.Transports.Tests;

/// <summary>Hosts that come and go by the hundred, and hosts that are alive and compute nothing.</summary>
[Collection("memory of the process")]
public sealed class HostLifeTests
{
    private const int Length = 64;

    [Theory]
    [InlineData("tcp")]
    [InlineData("shared-memory")]
    public void AHostThatHasLeft_LeavesNothingButALine(string transport)
    {
        const int Joins = 200;
        using var server = Open(transport, new Limits(60_000, 60_000));
        Visit(server, transport, 50);
        var before = Held();
        Visit(server, transport, Joins);
        var perJoin = double.PositiveInfinity;
        for (var round = 0; round < 100 && perJoin > 2_000; round++)
        {
            perJoin = (Held() - before) / (double)Joins;
        }

        Assert.InRange(perJoin, double.NegativeInfinity, 2_000);
        Assert.Equal(Joins + 50, server.Traffic.Count);
        Assert.Equal(Enumerable.Range(1, Joins + 50), server.Traffic.Select(host => host.Host));
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

    // What ends with a thread or a finalizer may last a little: it is looked for again, within a
    // bound. What the server keeps stays.
    private static long Held()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private static void Visit(IServerEnd server, string transport, int times)
    {
        for (var i = 0; i < times; i++)
        {
            Join(server, transport).Dispose();
            Until(server, LinkEventKind.HostLeft);
        }
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

/// <summary>Tests that measure this process run alone in it.</summary>
[CollectionDefinition("memory of the process", DisableParallelization = true)]
public sealed class MemoryOfTheProcess;
