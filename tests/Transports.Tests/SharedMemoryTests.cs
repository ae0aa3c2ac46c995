using Orchestrator.Abstractions;
using Orchestrator.Testing;

namespace Orchestrator.Transports.Tests;

public sealed class SharedMemoryTests : RemoteTransportContract
{
    private const int Length = 700;

    public override ITransport Create() => new SharedMemory(new SharedMemoryOptions());

    [Fact]
    public void AVectorFromElsewhere_IsRefused_AndTakesNoSlot()
    {
        using var server = Create().Listen(new LinkTerms(Length, Length, 0, 4));
        using var host = Join(server);
        var free = server.Free;
        using var elsewhere = new NativeVector(Length);

        var refused = Assert.Throws<ArgumentException>(() => Post(server, elsewhere));
        Assert.Contains("memory that the link has made", refused.Message);
        Assert.Equal(free, server.Free);
        Assert.Throws<ArgumentOutOfRangeException>(() => { server.CreateSent(1); });
        Post(server, server.CreateSent(Length));
        Assert.Equal(free - 1, server.Free);
    }

    [Fact]
    public unsafe void WhatIsSent_IsNotCopied_AndHostsMayOnlyReadIt()
    {
        using var server = Create().Listen(new LinkTerms(Length, Length, 0, 4));
        using var host = Join(server);
        var sent = server.CreateSent(Length);
        Post(server, sent);
        var work = new HostWork();
        Assert.True(host.Receive(work, wait: true));

        sent.Span[0] = 12_345;
        Assert.Equal(12_345, work.Work.Sent.Span[0]);
        Assert.Equal("rw-s", Rights(sent.Pointer));
        Assert.Equal("r--s", Rights(work.Work.Sent.Pointer));
        Assert.Equal("rw-s", Rights(work.Result.Pointer));
    }

    private static void Post(IServerEnd server, NativeVector sent) => server.Post(new Work(1, 0, 0, 0, 0, 0.1, sent, null));

    private IHostEnd Join(IServerEnd server)
    {
        IHostEnd? host = null;
        var joining = new Thread(() =>
        {
            using var half = Create().Join(new JoinRequest(server.Meeting!.Address, null, 1));
            host = half.Begin(half.Session.Facts);
        });
        joining.Start();
        for (var waited = 0; !(server.Receive(100, out var next) && next.Kind == LinkEventKind.HostJoined); waited += 100)
        {
            Assert.InRange(waited, 0, 20_000);
        }

        Assert.True(joining.Join(20_000));
        return host!;
    }

    // As Linux says it of the mapping that an address lies in.
    private static unsafe string Rights(float* address)
    {
        foreach (var words in File.ReadLines("/proc/self/maps").Select(line => line.Split(' ')))
        {
            var ends = words[0].Split('-').Select(end => Convert.ToUInt64(end, 16)).ToArray();
            if ((ulong)address >= ends[0] && (ulong)address < ends[1])
            {
                return words[1];
            }
        }

        return "none";
    }
}

/// <summary>The same where no thread waits in Take, and one per host listens.</summary>
public sealed class SharedMemoryHeardTests : RemoteTransportContract
{
    public override ITransport Create() => new SharedMemory(new SharedMemoryOptions());

    protected override LinkTerms Terms => base.Terms with { ResultReady = _ => { } };
}
