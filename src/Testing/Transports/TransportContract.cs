using Orchestrator.Abstractions;
using Xunit;

namespace Orchestrator.Testing;

// Longer than other files: authors inherit one class, and a suite in parts would hide some of it.

/// <summary>
/// What every transport promises, as tests to inherit: work and results arrive whole and in order,
/// each ticket ends in exactly one event, a full link says so, cancellation and departure lose
/// nothing, closing ends every wait, and nothing is allocated per push. Run the tests of one
/// assembly one after the other: allocations are counted for the whole process.
/// </summary>
public abstract class TransportContract : IPluginContract
{
    /// <summary>A transport as a pipeline would make it.</summary>
    public abstract ITransport Create();

    object IPluginContract.NewSubject() => Create();

    /// <summary>Sizes to test with; state is carried in any case.</summary>
    protected virtual LinkTerms Terms => new(5_003, 5_009, 17, 8);

    /// <summary>
    /// Pushes, buffers, states and losses arrive as they were computed, bit for bit.
    /// </summary>
    [Fact]
    public void Work_ComesBack_BitForBit()
    {
        using var link = Open();
        link.Compute(link.Host(), 1);
        for (var ticket = 1L; ticket <= 50; ticket++)
        {
            link.Post(ticket, ticket);
            Cargo.Check(link.Terms, ticket, ticket, link.Next());
            link.Server.Return(ticket);
        }
    }

    /// <summary>A host sees every field and vector of the work as the server posted it.</summary>
    [Fact]
    public void Work_ArrivesAsPosted()
    {
        using var link = Open();
        var host = link.Host();
        var posted = Cargo.Make(link.Server, link.Terms, 9, 4);
        link.Server.Post(posted);
        var work = new HostWork();

        Assert.True(host.Receive(work, wait: true));
        Assert.Equal(posted with { Sent = work.Work.Sent, State = work.Work.State, SentNumber = work.Work.SentNumber }, work.Work);
        Assert.Equal(posted.Sent.Span, work.Work.Sent.Span);
        Assert.Equal(posted.State!.Span, work.Work.State!.Span);
        Assert.Equal(link.Terms.PushLength + link.Terms.StateLength, work.Result.Length);
    }

    /// <summary>
    /// Vectors of <see cref="IServerEnd.CreateSent"/> are zero at first and stay readable after the
    /// link is closed.
    /// </summary>
    [Fact]
    public void VectorsToBeSent_AreZeroAtFirst_AndOutliveTheLink()
    {
        using var link = Open();
        var vectors = Enumerable.Range(0, 9).Select(_ => link.Server.CreateSent(link.Terms.SentLength)).ToList();
        foreach (var (i, vector) in vectors.Index())
        {
            Assert.Equal(link.Terms.SentLength, vector.Length);
            Assert.Equal(-1, vector.Span.IndexOfAnyExcept(0f));
            vector.Span.Fill(i);
        }

        link.Dispose();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        foreach (var (i, vector) in vectors.Index())
        {
            Assert.Equal(-1, vector.Span.IndexOfAnyExcept((float)i));
        }
    }

    /// <summary>A host takes work in the order in which it was posted.</summary>
    [Fact]
    public void Work_IsTaken_InTheOrderPosted()
    {
        using var link = Open();
        var host = link.Host();
        var count = link.Server.Free;
        for (var ticket = 1; ticket <= count; ticket++)
        {
            link.Post(ticket, ticket);
        }

        var work = new HostWork();
        for (var ticket = 1; ticket <= count; ticket++)
        {
            Assert.True(host.Receive(work, wait: true));
            Assert.Equal(ticket, work.Work.Ticket);
            host.Abandon(work, null);
        }
    }

    /// <summary>
    /// A link without a free slot refuses work, and has room again for each result that is
    /// returned.
    /// </summary>
    [Fact]
    public void AFullLink_SaysSo_AndAReturnedResultMakesRoom()
    {
        using var link = Open();
        var host = link.Host();
        var count = link.Server.Free;
        Assert.True(count > link.Server.Reserve, $"one host gives {count} slots, of which {link.Server.Reserve} are kept");
        for (var ticket = 1; ticket <= count; ticket++)
        {
            link.Post(ticket, ticket);
        }

        Assert.Equal(0, link.Server.Free);
        Assert.Throws<InvalidOperationException>(() => link.Post(count + 1, 1));

        link.Compute(host, 1);
        for (var ticket = 1; ticket <= count; ticket++)
        {
            Cargo.Check(link.Terms, ticket, ticket, link.Next());
            Assert.Equal(ticket - 1, link.Server.Free);
            link.Server.Return(ticket);
            Assert.Equal(ticket, link.Server.Free);
        }
    }

    /// <summary>
    /// A result stays as it is until it is returned, whatever arrives in between.
    /// </summary>
    [Fact]
    public void Results_StayAsTheyAre_UntilReturned()
    {
        using var link = Open();
        link.Compute(link.Host(), 1);
        link.Post(1, 1);
        var first = link.Next();
        for (var ticket = 2L; ticket <= 40; ticket++)
        {
            link.Post(ticket, ticket);
            link.Next();
            link.Server.Return(ticket);
        }

        Cargo.Check(link.Terms, 1, 1, first);
    }

    /// <summary>
    /// Work of the same number was sent the same vector, and work of another number its own.
    /// </summary>
    [Fact]
    public void WorkOfTheSameNumber_IsSentTheSame_AndOtherWorkIsNot()
    {
        using var link = Open();
        link.Compute(link.Host(), 1);
        var random = new Random(3);
        var waiting = new Dictionary<long, long>();
        for (var ticket = 1L; ticket <= 400; ticket++)
        {
            if (link.Server.Free == 0)
            {
                Settle(link, waiting);
            }

            // Newer and newer contents, each sent several times, now and then an unnumbered one.
            var number = random.Next(8) == 0 ? 0 : (ticket / 5) + random.Next(3) + 1;
            link.Post(ticket, number);
            waiting.Add(ticket, number);
        }

        while (waiting.Count > 0)
        {
            Settle(link, waiting);
        }
    }

    /// <summary>Vectors of another length than agreed are refused.</summary>
    [Fact]
    public void WorkOfTheWrongLength_IsNotTaken()
    {
        using var link = Open();
        link.Host();
        using var wrong = new NativeVector(link.Terms.SentLength - 1);
        var work = Cargo.Make(link.Server, link.Terms, 1, 1);

        Assert.Throws<ArgumentException>(() => link.Server.Post(work with { Sent = wrong }));
        Assert.Throws<ArgumentException>(() => link.Server.Post(work with { State = null }));
        Assert.Throws<ArgumentException>(() => link.Server.Post(work with { State = wrong }));
    }

    /// <summary>Work that is cancelled, waiting or under way, ends in one event.</summary>
    [Fact]
    public void CancelledWork_ComesBackOnce_WhereverItIs()
    {
        using var link = Open();
        var host = link.Host();
        var work = new HostWork();
        link.Post(1, 1);
        Assert.True(host.Receive(work, wait: true));
        link.Post(2, 2);
        link.Server.Cancel(2);
        link.Server.Cancel(1);
        AssertSoon(() => host.IsCancelled(work), "a compute thread is not told of a cancellation");
        host.Abandon(work, null);
        var ended = Enum.GetValues<LinkEventKind>().ToDictionary(kind => kind, _ => new List<long>());
        link.Compute(host, 1);
        for (var i = 0; i < 2; i++)
        {
            var next = link.Next();
            ended[next.Kind].Add(next.Ticket);
        }

        Assert.Equal([1, 2], ended[LinkEventKind.Cancelled].Order());
        Assert.False(link.Server.Receive(0, out _));
    }

    /// <summary>A cancellation that comes after the result is a completion.</summary>
    [Fact]
    public void ACancellationTooLate_IsACompletion()
    {
        using var link = Open();
        var host = link.Host();
        var work = new HostWork();
        link.Post(1, 1);
        Assert.True(host.Receive(work, wait: true));
        Cargo.Compute(link.Terms, work);
        link.Server.Cancel(1);
        host.Complete(work, Cargo.Loss(1), 12);

        Cargo.Check(link.Terms, 1, 1, link.Next());
        link.Server.Return(1);
        link.Compute(host, 1);
        link.Post(2, 2);
        Cargo.Check(link.Terms, 2, 2, link.Next());
    }

    /// <summary>
    /// A computation that fails brings its message, letter for letter, and frees its slot.
    /// </summary>
    [Fact]
    public void AFailure_BringsItsMessage_AndFreesItsSlot()
    {
        using var link = Open();
        var host = link.Host();
        var free = link.Server.Free;
        var work = new HostWork();
        link.Post(1, 1);
        Assert.True(host.Receive(work, wait: true));
        host.Abandon(work, "InvalidOperationException: ball gefallen ⚽");
        var failed = link.Next();

        Assert.Equal((LinkEventKind.Failed, 1L, "InvalidOperationException: ball gefallen ⚽"), (failed.Kind, failed.Ticket, failed.Message));
        Assert.Equal(free, link.Server.Free);
    }

    /// <summary>
    /// <see cref="IServerEnd.Wake"/> ends one wait, from any thread, before or while it lasts.
    /// </summary>
    [Fact]
    public void Wake_EndsAWait_OnceFromAnyThread()
    {
        using var link = Open();
        link.Host();
        Assert.False(link.Server.Receive(0, out _));
        Assert.False(link.Server.Receive(1, out _));
        link.Run(link.Server.Wake);
        Assert.False(link.Server.Receive(-1, out _));
        link.Server.Wake();
        Assert.False(link.Server.Receive(-1, out _));
    }

    /// <summary>
    /// Closing the server's end, even twice, ends the waits of all hosts without a fault.
    /// </summary>
    [Fact]
    public void ClosingTheServer_EndsEveryHostsWait()
    {
        using var link = Open();
        var host = link.Host(cores: 2);
        var ends = Enumerable.Range(0, 2).Select(_ => link.Run(() => Assert.False(host.Receive(new HostWork(), wait: true)))).ToList();
        link.Server.Dispose();
        link.Server.Dispose();

        Assert.All(ends, thread => Assert.True(thread.Join(LinkUnderTest.Patience)));
        Assert.Null(host.Fault);
        Assert.False(host.Receive(new HostWork(), wait: true));
        Assert.False(host.Receive(new HostWork(), wait: false));
    }

    /// <summary>
    /// Of thousands of tickets on several threads, some cancelled, each ends in exactly one event.
    /// </summary>
    [Fact]
    public void ManyTickets_OverManyThreads_EachEndInOneEvent()
    {
        using var link = Open();
        link.Compute(link.Host(cores: 3), 3);
        var (random, waiting) = (new Random(5), new HashSet<long>());
        var (posted, completed, cancelled) = (0L, 0, 0);
        while (posted < 2_000 || waiting.Count > 0)
        {
            while (posted < 2_000 && link.Server.Free > 0)
            {
                link.Post(++posted, posted / 3);
                waiting.Add(posted);
                if (random.Next(4) == 0)
                {
                    link.Server.Cancel(posted);
                }
            }

            var next = link.Next();
            Assert.True(waiting.Remove(next.Ticket), $"ticket {next.Ticket} ended twice");
            if (next.Kind == LinkEventKind.Completed)
            {
                Cargo.Check(link.Terms, next.Ticket, next.Ticket / 3, next);
                link.Server.Return(next.Ticket);
                completed++;
            }
            else
            {
                Assert.Equal(LinkEventKind.Cancelled, next.Kind);
                cancelled++;
            }
        }

        Assert.Equal(2_000, completed + cancelled);
        Assert.True(completed >= 1_400, $"{completed} completed");
        Assert.Equal(completed, link.Server.Traffic.Sum(host => host.Pushes));
    }

    /// <summary>
    /// Where <see cref="LinkTerms.ResultReady"/> is set, it is called for everything that there is
    /// to take.
    /// </summary>
    [Fact]
    public void AServerThatIsCalled_NeedsNoThreadOfItsOwn()
    {
        const long Last = 200;
        using var done = new ManualResetEventSlim();
        var gate = new object();
        LinkUnderTest? served = null;
        Exception? wrong = null;
        using var link = new LinkUnderTest(Create(), Terms with { ResultReady = _ => Act() });
        link.Compute(link.Host(), 1);
        lock (gate)
        {
            served = link;
            link.Post(1, 1);
        }

        Assert.True(done.Wait(LinkUnderTest.Patience), "the server is not called when there is something to take");
        Assert.Null(wrong);

        void Act()
        {
            lock (gate)
            {
                try
                {
                    while (served is not null && wrong is null && served.Server.Receive(0, out var happened))
                    {
                        Cargo.Check(served.Terms, happened.Ticket, happened.Ticket, happened);
                        served.Server.Return(happened.Ticket);
                        if (happened.Ticket < Last)
                        {
                            served.Post(happened.Ticket + 1, happened.Ticket + 1);
                        }
                        else
                        {
                            served = null;
                            done.Set();
                        }
                    }
                }
                catch (Exception thrown)
                {
                    // The test's own thread reports it.
                    wrong = thrown;
                    done.Set();
                }
            }
        }
    }

    /// <summary>Posting, computing, taking and returning a push allocate no memory.</summary>
    [Fact]
    public void ThePath_OfAPush_AllocatesNothing()
    {
        const int Pushes = 300;
        using var link = Open();
        link.Compute(link.Host(), 1);
        var works = Enumerable.Range(1, 3).Select(i => Cargo.Make(link.Server, link.Terms, i, i)).ToArray();
        var least = long.MaxValue;
        var ticket = 0L;
        for (var round = 0; round < 8; round++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            for (var i = 0; i < Pushes; i++)
            {
                ticket++;
                link.Server.Post(works[i % 3] with { Ticket = ticket, SentNumber = ticket });
                while (!link.Server.Receive(1_000, out _))
                {
                }

                link.Server.Return(ticket);
            }

            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        // One small object per push would be 24 bytes.
        Assert.True(least < Pushes * 24 / 2, $"{least} bytes for {Pushes} pushes");
    }

    private protected LinkUnderTest Open() => new(Create(), Terms);

    private protected static void AssertSoon(Func<bool> condition, string otherwise)
    {
        var waited = System.Diagnostics.Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(waited.ElapsedMilliseconds < LinkUnderTest.Patience, otherwise);
            Thread.Yield();
        }
    }

    private static void Settle(LinkUnderTest link, Dictionary<long, long> posted)
    {
        var next = link.Next();
        Assert.True(posted.Remove(next.Ticket, out var number));
        Cargo.Check(link.Terms, next.Ticket, number, next);
        link.Server.Return(next.Ticket);
    }
}
