using Orchestrator.Abstractions;
using Xunit;

namespace Orchestrator.Testing;

/// <summary>
/// A server's end with hosts whose compute threads are the test's: each step is bounded in time.
/// </summary>
internal sealed class LinkUnderTest : IDisposable
{
    public const int Patience = 20_000;

    private readonly ITransport transport;
    private readonly List<IHostEnd> hosts = [];
    private readonly List<Thread> threads = [];
    private readonly List<LinkEvent> setAside = [];

    public LinkUnderTest(ITransport transport, LinkTerms terms)
    {
        (this.transport, Terms) = (transport, terms);
        Server = transport.Listen(terms);
    }

    public LinkTerms Terms { get; }

    public IServerEnd Server { get; }

    /// <summary>
    /// The next host: the run's own process, or one that joins as another process would.
    /// </summary>
    public IHostEnd Host(int cores = 1)
    {
        if (Server.LocalHost is { } local)
        {
            return local;
        }

        IHostEnd? host = null;
        Exception? fault = null;
        var joining = Run(() =>
        {
            try
            {
                host = Join(cores, Terms.Session.Facts);
            }
            catch (TransportException e)
            {
                fault = e;
            }
        });
        Until(LinkEventKind.HostJoined);
        Assert.True(joining.Join(Patience), "the host did not come back from joining");
        Assert.Null(fault);
        hosts.Add(host!);
        return host!;
    }

    public IHostEnd Join(int cores, IReadOnlyDictionary<string, string> facts)
    {
        var joining = transport.Join(new JoinRequest(Server.Meeting!.Address, Server.Meeting.TokenFile, cores));
        return joining.Begin(facts);
    }

    /// <summary>
    /// Compute threads that do <see cref="Cargo.Compute"/> until the link closes.
    /// </summary>
    public void Compute(IHostEnd host, int cores)
    {
        for (var i = 0; i < cores; i++)
        {
            Run(() =>
            {
                var work = new HostWork();
                while (host.Receive(work, wait: true))
                {
                    if (host.IsCancelled(work))
                    {
                        host.Abandon(work, null);
                        continue;
                    }

                    Cargo.Compute(Terms, work);
                    host.Complete(work, Cargo.Loss(work.Work.Ticket), work.Work.Ticket + 11);
                }
            });
        }
    }

    public Thread Run(Action action)
    {
        var thread = new Thread(() => action()) { IsBackground = true };
        threads.Add(thread);
        thread.Start();
        return thread;
    }

    public void Post(long ticket, long sentNumber = 0) => Server.Post(Cargo.Make(Server, Terms, ticket, sentNumber));

    /// <summary>The next event.</summary>
    public LinkEvent Next()
    {
        for (var waited = 0; waited < Patience; waited += 500)
        {
            if (Server.Receive(500, out var happened))
            {
                return happened;
            }
        }

        throw new TimeoutException("nothing happened at the server's end");
    }

    /// <summary>The next event of a kind; others are set aside.</summary>
    public LinkEvent Until(LinkEventKind kind)
    {
        while (true)
        {
            var next = Next();
            if (next.Kind == kind)
            {
                return next;
            }

            setAside.Add(next);
        }
    }

    /// <summary>What <see cref="Until"/> has set aside, once.</summary>
    public IReadOnlyList<LinkEvent> TakeSetAside()
    {
        var events = setAside.ToList();
        setAside.Clear();
        return events;
    }

    public void Dispose()
    {
        foreach (var host in hosts)
        {
            host.Dispose();
        }

        Server.LocalHost?.Dispose();
        Server.Dispose();
        foreach (var thread in threads)
        {
            Assert.True(thread.Join(Patience), "a host's thread does not end when the link is closed");
        }
    }
}
