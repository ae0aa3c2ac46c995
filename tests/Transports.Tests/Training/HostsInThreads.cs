using System.Collections.Concurrent;
using Orchestrator.Abstractions;
using Orchestrator.Engine;
using Orchestrator.Engine.Tests;

namespace Orchestrator.Transports.Tests;

/// <summary>
/// A run whose worker hosts are threads of the test: over real links, each with plugin instances of
/// its own.
/// </summary>
internal sealed class HostsInThreads : IDisposable
{
    private readonly Func<Experiment> make;
    private readonly ITransport transport;
    private readonly ConcurrentQueue<IHostEnd> ends = new();
    private readonly List<Thread> threads = [];
    private readonly Training training;
    private readonly SmallProblem.Log log = new();
    private volatile bool over;
    private int tooLate;

    public HostsInThreads(ITransport transport, Func<Experiment> make)
    {
        (this.transport, this.make) = (transport, make);
        training = new Training(make() with { Transport = transport }, log, new RunProgress());
    }

    /// <summary>
    /// Runs to the end with some hosts of one core each, every one of which computes.
    /// </summary>
    public static (Outcome Outcome, SmallProblem.Log Log) Run(ITransport transport, int hosts, Func<Experiment> make)
    {
        // A short run may be over before the last of them comes: nobody ends a first gradient
        // before all have begun one.
        using var begun = new CountdownEvent(hosts);
        Experiment Together()
        {
            var first = 1;
            return make() with
            {
                Objective = new SmallProblem.Objective
                {
                    BeforeGradient = _ =>
                    {
                        if (Interlocked.Exchange(ref first, 0) == 1)
                        {
                            begun.Signal();
                            Assert.True(begun.Wait(20_000, TestContext.Current.CancellationToken), "a host gets nothing to compute");
                        }
                    },
                },
            };
        }

        using var run = new HostsInThreads(transport, Together);
        for (var i = 0; i < hosts; i++)
        {
            run.Add();
        }

        return run.Finish();
    }

    public void Add(int cores = 1)
    {
        var meeting = training.Meeting!;
        var thread = new Thread(() =>
        {
            try
            {
                using var joining = transport.Join(new JoinRequest(meeting.Address, meeting.TokenFile, cores));
                var end = joining.Begin(joining.Session.Facts);
                ends.Enqueue(end);
                HostedWorkers.Run(make(), end, cores, null, CancellationToken.None);
            }
            catch (TransportException) when (over)
            {
                tooLate++;
            }
        });
        threads.Add(thread);
        thread.Start();
    }

    /// <summary>Takes the oldest host out of the run.</summary>
    public void Remove()
    {
        if (ends.TryDequeue(out var end))
        {
            end.Dispose();
        }
    }

    public (Outcome Outcome, SmallProblem.Log Log) Finish()
    {
        var outcome = training.Run(TestContext.Current.CancellationToken);
        over = true;
        return (outcome, log);
    }

    public void Dispose()
    {
        over = true;
        training.Dispose();
        Assert.All(threads, thread => Assert.True(thread.Join(20_000), "a host does not end with its run"));
        Assert.True(tooLate <= 2, $"{tooLate} hosts came when the run was over");
    }
}
