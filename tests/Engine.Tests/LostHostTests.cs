using Orchestrator.Abstractions;
using Orchestrator.Transports;

namespace Orchestrator.Engine.Tests;

/// <summary>Work that comes back when all slots that are left hold later results.</summary>
public sealed class LostHostTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    public async Task The_first_push_has_a_slot_where_only_later_results_are_held(int before)
    {
        var (plain, log) = SmallProblem.Run(SmallProblem.Experiment(6, e => e with { Cores = 2 }));
        var transport = new Shrinking(before);
        var run = Task.Run(() => SmallProblem.Run(SmallProblem.Experiment(6, e => e with { Cores = 2, Transport = transport })), TestContext.Current.CancellationToken);
        var (outcome, lostLog) = await run.WaitAsync(Bound, TestContext.Current.CancellationToken);

        Assert.True(transport.HasShrunk);
        Assert.Equal(log.Reproducible(), lostLog.Reproducible());
        Assert.Equal(plain.Parameters, outcome.Parameters);
    }

    // Within one process, but for one result that is lost with every slot that is free then.
    private sealed class Shrinking(int before) : ITransport
    {
        private readonly InProcess inner = new();

        public bool HasShrunk { get; private set; }

        public IServerEnd Listen(LinkTerms terms) => new End(this, inner.Listen(terms), before);

        private sealed class End(Shrinking owner, IServerEnd inner, int before) : IServerEnd
        {
            private long first;
            private int gone;
            private int completed;

            public IHostEnd? LocalHost => inner.LocalHost;

            public int Free => Math.Max(0, inner.Free - gone);

            public int Reserve => inner.Reserve;

            public IReadOnlyList<HostTraffic> Traffic => inner.Traffic;

            public NativeVector CreateSent(int length) => inner.CreateSent(length);

            public void Post(in Work work)
            {
                // The earliest of those that are out is handed out first.
                first = first == 0 ? work.Ticket : first;
                inner.Post(work);
            }

            public void Cancel(long ticket) => inner.Cancel(ticket);

            public void Wake() => inner.Wake();

            public void Return(long ticket, bool traced = false)
            {
                first = ticket == first ? 0 : first;
                inner.Return(ticket, traced);
            }

            public bool Receive(int timeout, out LinkEvent happened)
            {
                if (!inner.Receive(timeout, out happened))
                {
                    return false;
                }

                if (happened.Kind == LinkEventKind.Completed && !owner.HasShrunk && completed++ >= before && happened.Ticket == first)
                {
                    inner.Return(first);
                    (gone, owner.HasShrunk) = (inner.Free, true);
                    happened = new LinkEvent(LinkEventKind.Lost, first, 0, null, double.NaN, 0, "lost");
                }

                return true;
            }

            public void Dispose() => inner.Dispose();
        }
    }
}
