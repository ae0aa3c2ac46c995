using Orchestrator.Abstractions;
using Xunit;

namespace Orchestrator.Testing;

/// <summary>
/// What a transport promises besides when worker hosts are other processes: they may join and leave
/// at any time, must match, and lose nothing.
/// </summary>
public abstract class RemoteTransportContract : TransportContract
{
    /// <summary>
    /// A host that leaves loses the work it had; each of its tickets is told lost once, and another
    /// host can do the work.
    /// </summary>
    [Fact]
    public void AHostThatLeaves_LosesItsWork_WhichAnotherCanDo()
    {
        using var link = Open();
        var (leaving, staying) = (link.Host(), link.Host());
        Assert.Equal(2, link.Server.Reserve);
        var free = link.Server.Free;
        for (var ticket = 1L; ticket <= 4; ticket++)
        {
            link.Post(ticket, ticket);
        }

        var work = new HostWork();
        Assert.True(leaving.Receive(work, wait: true));
        leaving.Dispose();
        var left = link.Until(LinkEventKind.HostLeft);
        var lost = new List<long> { link.Until(LinkEventKind.Lost).Ticket, link.Until(LinkEventKind.Lost).Ticket };

        Assert.Contains(work.Work.Ticket, lost);
        Assert.False(link.Server.Receive(0, out _));
        Assert.Equal(1, link.Server.Reserve);
        Assert.Equal((free / 2) - 2, link.Server.Free);
        Assert.NotNull(link.Server.Traffic.Single(host => host.Host == left.Host).Left);

        link.Post(5, 5);
        link.Post(6, 6);
        link.Compute(staying, 1);
        var completed = Enumerable.Range(0, 4).Select(_ => link.Next()).ToList();
        Assert.Equal(Enumerable.Range(1, 6).Select(i => (long)i).Except(lost), completed.Select(c => c.Ticket).Order());
        Assert.All(completed, c => Cargo.Check(link.Terms, c.Ticket, c.Ticket, c));
    }

    /// <summary>A result that the server has taken stays whole when its host leaves.</summary>
    [Fact]
    public void AResultInHand_OutlivesItsHost()
    {
        using var link = Open();
        var host = link.Host();
        link.Compute(host, 1);
        link.Post(1, 1);
        var completed = link.Next();
        host.Dispose();
        link.Until(LinkEventKind.HostLeft);

        Cargo.Check(link.Terms, 1, 1, completed);
        link.Server.Return(1);
        Assert.Equal(0, link.Server.Free);
    }

    /// <summary>Hosts may join at any time and bring slots in proportion to their cores.</summary>
    [Fact]
    public void AHost_MayJoinLate_AndBringsSlots()
    {
        using var link = Open();
        Assert.Equal(0, link.Server.Free);
        Assert.Throws<InvalidOperationException>(() => link.Post(1, 1));
        link.Compute(link.Host(), 1);
        var few = link.Server.Free;
        link.Compute(link.Host(cores: 2), 2);

        Assert.True(link.Server.Free > 2 * few - 2, $"{few} slots, then {link.Server.Free}");
        Assert.Equal([1, 2], link.Server.Traffic.Select(host => host.Cores));
    }

    /// <summary>
    /// As long as the reserve is kept, a slot is free on each host that is left, whichever one is
    /// lost.
    /// </summary>
    [Fact]
    public void Work_LeavesEveryHostASlot_WhileTheReserveIsKept()
    {
        using var link = Open();
        var hosts = new[] { link.Host(), link.Host(cores: 2), link.Host() };
        var ticket = 0L;
        while (link.Server.Free > link.Server.Reserve)
        {
            link.Post(++ticket, ticket);
        }

        // Whichever host is lost now, one slot is free on each of the others.
        hosts[1].Dispose();
        link.Until(LinkEventKind.HostLeft);
        hosts[0].Dispose();
        link.Until(LinkEventKind.HostLeft);
        Assert.Equal(1, link.Server.Free);
    }

    /// <summary>
    /// A host whose facts differ is refused, and both ends are told which fact and which values.
    /// </summary>
    [Fact]
    public void AHostThatDiffers_IsRefused_AndBothSidesSayWhy()
    {
        using var link = Open(
            Terms with { Session = new SessionDescription("{}", new Dictionary<string, string> { ["kernel path"] = "wide", ["program"] = "1.2" }) });
        TransportException? refusal = null;
        var joining = link.Run(() => refusal = Assert.Throws<TransportException>(
            () => link.Join(1, new Dictionary<string, string> { ["kernel path"] = "narrow", ["program"] = "1.2" })));
        var told = link.Until(LinkEventKind.HostRefused);

        Assert.True(joining.Join(LinkUnderTest.Patience));
        Assert.Contains("the run's kernel path is 'wide', the worker host's is 'narrow'", refusal!.Message);
        Assert.Contains("the run's kernel path is 'wide', the worker host's is 'narrow'", told.Message);

        joining = link.Run(() => refusal = Assert.Throws<TransportException>(() => link.Join(1, new Dictionary<string, string>())));
        link.Until(LinkEventKind.HostRefused);
        Assert.True(joining.Join(LinkUnderTest.Patience));
        Assert.Contains("is not known", refusal!.Message);
        Assert.Equal(0, link.Server.Free);
    }

    /// <summary>A link on which nothing happens takes at most 2 % of a core.</summary>
    [Fact]
    public void ALinkWithoutWork_CostsNextToNothing()
    {
        const double Enough = 10;
        using var link = Open();
        link.Compute(link.Host(cores: 2), 2);
        link.Post(1);
        link.Server.Return(link.Next().Ticket);
        var least = double.PositiveInfinity;
        for (var round = 0; round < 20 && least > Enough; round++)
        {
            var before = Environment.CpuUsage.TotalTime;
            for (var waited = System.Diagnostics.Stopwatch.StartNew(); waited.ElapsedMilliseconds < 500;)
            {
                link.Server.Receive(500, out _);
            }

            least = Math.Min(least, (Environment.CpuUsage.TotalTime - before).TotalMilliseconds);
        }

        // Both ends are in this process, and so is the compiler that improves what ran before: the
        // quietest half second, of which 2 % of one core.
        Assert.InRange(least, 0, Enough);
    }

    /// <summary>
    /// A joining host is told the session's document and facts, letter for letter.
    /// </summary>
    [Fact]
    public void AHost_IsToldTheSession()
    {
        var facts = new Dictionary<string, string> { ["data"] = "abc", ["layout"] = "déf" };
        using var link = Open(Terms with { Session = new SessionDescription("{ \"name\": \"ünï\" }" + new string(' ', 100_000), facts) });
        SessionDescription? told = null;
        var joining = link.Run(() =>
        {
            using var half = Create().Join(new JoinRequest(link.Server.Meeting!.Address, link.Server.Meeting.TokenFile, 1));
            told = half.Session;
        });

        Assert.True(joining.Join(LinkUnderTest.Patience));
        Assert.Equal(link.Terms.Session.Document, told!.Document);
        Assert.Equal(facts, (IDictionary<string, string>)told.Facts);
        Assert.Equal(LinkEventKind.HostRefused, link.Next().Kind);
    }

    /// <summary>
    /// While hosts join and leave all the time, each ticket still ends in exactly one event.
    /// </summary>
    [Fact]
    public void HostsThatComeAndGo_LoseNoTicket()
    {
        using var link = Open();
        var hosts = new Queue<IHostEnd>();
        var (random, waiting) = (new Random(11), new Dictionary<long, long>());
        var (posted, completed, joined) = (0L, 0, 0);
        while (completed < 1_500 || waiting.Count > 0)
        {
            if (hosts.Count < 3 && joined < 12)
            {
                var host = link.Host(cores: 2);
                foreach (var other in link.TakeSetAside())
                {
                    Settle(other);
                }

                link.Compute(host, 2);
                hosts.Enqueue(host);
                joined++;
            }

            while (completed + waiting.Count < 1_500 && link.Server.Free > link.Server.Reserve)
            {
                link.Post(++posted, posted / 2);
                waiting.Add(posted, posted / 2);
            }

            if (joined < 12 && random.Next(100) == 0)
            {
                hosts.Dequeue().Dispose();
            }

            Settle(link.Next());
        }

        Assert.True(joined > 3, $"{joined} hosts joined");
        Assert.Equal(completed, link.Server.Traffic.Sum(host => host.Pushes));

        void Settle(in LinkEvent next)
        {
            if (next.Kind is LinkEventKind.Lost or LinkEventKind.Completed)
            {
                Assert.True(waiting.Remove(next.Ticket, out var number), $"ticket {next.Ticket} ended twice");
                if (next.Kind == LinkEventKind.Completed)
                {
                    Cargo.Check(link.Terms, next.Ticket, number, next);
                    link.Server.Return(next.Ticket);
                    completed++;
                }
            }
        }
    }

    private LinkUnderTest Open(LinkTerms terms) => new(Create(), terms);
}
