using Orchestrator.Abstractions;

namespace Orchestrator.Transports.Tests;

/// <summary>
/// A server with short patience and, when wanted, a good host whose results are checked: what
/// intruders do must not touch them.
/// </summary>
internal sealed class GuardedRun : IDisposable
{
    private const int Patience = 20_000;

    private readonly List<Thread> threads = [];
    private readonly List<IHostEnd> hosts = [];
    private long lastTicket;

    public GuardedRun(int silence = 60_000, int proving = 5_000, MeetingPlace? place = null, int sent = 500, Action<bool>? heard = null)
    {
        Terms = new LinkTerms(sent, sent, 0, 4) { Place = place ?? MeetingPlace.Private, ResultReady = heard };
        Server = TcpServerEnd.Open(Terms, new Limits(silence, 60_000) { Proving = proving });
    }

    public LinkTerms Terms { get; }

    public TcpServerEnd Server { get; }

    /// <summary>Events since the last look, but for those about work.</summary>
    public List<LinkEvent> Events { get; } = [];

    /// <summary>Work that was lost.</summary>
    public List<long> Lost { get; } = [];

    /// <summary>Adds a host that pushes three times what it is sent.</summary>
    public void AddGoodHost()
    {
        IHostEnd? end = null;
        var joining = new Thread(() =>
        {
            using var half = TcpJoining.Open(new JoinRequest(Server.Meeting.Address, Server.Meeting.TokenFile, 1));
            end = half.Begin(half.Session.Facts);
        });
        joining.Start();
        Until(LinkEventKind.HostJoined);
        Assert.True(joining.Join(Patience));
        hosts.Add(end!);
        var computing = new Thread(() =>
        {
            var work = new HostWork();
            while (end!.Receive(work, wait: true))
            {
                for (var i = 0; i < work.Result.Length; i++)
                {
                    work.Result.Span[i] = 3 * work.Work.Sent.Span[i];
                }

                end.Complete(work, 1, 1);
            }
        });
        threads.Add(computing);
        computing.Start();
    }

    /// <summary>Posts work whose result must be three times its ticket.</summary>
    public long Post()
    {
        var sent = new NativeVector(Terms.SentLength);
        sent.Span.Fill(++lastTicket);
        Server.Post(new Work(lastTicket, (int)(lastTicket % 3), lastTicket + 50, 0, 0, 0.1, sent, null));
        return lastTicket;
    }

    /// <summary>One piece of work, done by whoever does it right.</summary>
    public void WorkGoesOn()
    {
        var ticket = Post();
        var result = Until(LinkEventKind.Completed);
        Assert.Equal(ticket, result.Ticket);
        Assert.All(result.Result!.Span.ToArray(), value => Assert.Equal(3f * ticket, value));
        Server.Return(ticket);
    }

    public LinkEvent Until(LinkEventKind kind)
    {
        for (var waited = 0; waited < Patience;)
        {
            if (!Server.Receive(100, out var next))
            {
                waited += 100;
            }
            else if (next.Kind == kind)
            {
                return next;
            }
            else if (next.Kind == LinkEventKind.Lost)
            {
                Lost.Add(next.Ticket);
            }
            else
            {
                Events.Add(next);
            }
        }

        throw new TimeoutException($"no {kind}; but {string.Join("; ", Events.Select(e => $"{e.Kind}: {e.Message}"))}");
    }

    public void Dispose()
    {
        hosts.ForEach(host => host.Dispose());
        Server.Dispose();
        Assert.All(threads, thread => Assert.True(thread.Join(Patience)));
    }
}
