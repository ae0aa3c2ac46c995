using System.Runtime.InteropServices;
using Orchestrator.Abstractions;
using Orchestrator.Engine;
using Orchestrator.Engine.Tests;

namespace Orchestrator.Transports.Tests;

/// <summary>
/// On the virtual clock the transport changes no bit, whatever travels: state, cancellations,
/// overlapped pulls, shared and look-ahead parameters.
/// </summary>
public sealed class SameResultTests
{
    public static TheoryData<string, string> Cases()
    {
        var cases = new TheoryData<string, string>();
        foreach (var transport in (string[])["shared-memory", "tcp"])
        {
            foreach (var experiment in (string[])["plain", "overlapped", "cancelling", "state", "look-ahead", "mean-of-all"])
            {
                cases.Add(transport, experiment);
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void ARun_HasTheSameRecords_OnEveryTransport(string transport, string experiment)
    {
        var (outcome, log) = SmallProblem.Run(Make(experiment));
        var (other, otherLog) = HostsInThreads.Run(Transport(transport), 2, () => Make(experiment));

        Assert.Equal(log.Reproducible(), otherLog.Reproducible());
        Assert.Equal(Bits(outcome), Bits(other));
        Assert.Equal(2, other.Hosts.Count);
        Assert.True(other.Hosts.All(host => host.Pushes > 0 && host.BytesDown > 0 && host.BytesUp > 0), string.Join("; ", other.Hosts));
    }

    [Theory]
    [InlineData("shared-memory")]
    [InlineData("tcp")]
    public void HostsThatComeAndGo_ChangeNoBit(string transport)
    {
        Experiment Longer() => Make("state") with { Stop = new StopRule(Updates: 400) };
        var (outcome, log) = SmallProblem.Run(Longer());
        var gradients = 0;
        HostsInThreads? run = null;
        Experiment Disturbed() => Longer() with
        {
            Objective = new SmallProblem.Objective
            {
                BeforeGradient = _ =>
                {
                    // Whichever host computes this one: one leaves, another comes.
                    if (Interlocked.Increment(ref gradients) % 40 == 0)
                    {
                        run!.Add();
                        run.Remove();
                    }
                },
            },
        };
        using (run = new HostsInThreads(Transport(transport), Disturbed))
        {
            run.Add();
            run.Add();
            var (other, otherLog) = run.Finish();

            Assert.Equal(log.Reproducible(), otherLog.Reproducible());
            Assert.Equal(Bits(outcome), Bits(other));
            Assert.True(other.Hosts.Count > 4, $"{other.Hosts.Count} hosts");
            Assert.Contains(otherLog.Events, e => e.Kind == "host-left");
        }
    }

    [Theory]
    [InlineData("shared-memory")]
    [InlineData("tcp")]
    public void TheWallClock_RunsOnHosts(string transport)
    {
        var (outcome, log) = HostsInThreads.Run(
            Transport(transport), 2, () => Make("state") with { Clock = ClockKind.Wall, Stop = new StopRule(Updates: 300) });

        Assert.Equal(300, outcome.Updates);
        Assert.Equal(5 * outcome.Updates, log.Pushes.Sum(p => p.Staleness) + outcome.InFlightStaleness);
    }

    private static ITransport Transport(string name) =>
        name == "tcp" ? new Tcp(new TcpOptions()) : new SharedMemory(new SharedMemoryOptions());

    private static Experiment Make(string name) => SmallProblem.Experiment(6, e => name switch
    {
        "overlapped" => e with { OverlapPulls = true },
        "cancelling" => e with { Consistency = new SmallProblem.FirstOf(3) },
        "mean-of-all" => e with { Consistency = new SmallProblem.FirstOf(6) },
        "state" => e with { WorkerRule = () => new Averaging() },
        "look-ahead" => e with { Update = e.Update with { Optimizer = new LookAhead() } },
        _ => e,
    });

    private static int[] Bits(Outcome outcome) => MemoryMarshal.Cast<float, int>(outcome.Parameters).ToArray();

    /// <summary>
    /// Pushes a running mean of two gradients per push: a worker rule with state.
    /// </summary>
    private sealed class Averaging : IWorkerRule
    {
        public int Batches => 2;

        public int ScratchVectors => 1;

        public int StateLength(int parameters) => parameters;

        public void Run(in WorkerRuleWork work, IGradients gradients, Span<float> push)
        {
            gradients.Next(work.Sent, push);
            gradients.Next(work.Sent, work.Scratch);
            for (var i = 0; i < push.Length; i++)
            {
                work.State[i] = (0.5f * work.State[i]) + (0.25f * (push[i] + work.Scratch[i]));
                push[i] = work.State[i];
            }
        }
    }

    /// <summary>Sends every worker something else than the parameters.</summary>
    private sealed class LookAhead : IOptimizer
    {
        public bool ElementWise => true;

        public bool SendsParameters => false;

        public void Attach(RuleContext context)
        {
        }

        public void Apply(in Update update, ReadOnlySpan<float> gradient, Span<float> parameters)
        {
            for (var i = 0; i < gradient.Length; i++)
            {
                parameters[i] -= (float)update.LearningRate * gradient[i];
            }
        }

        public void Send(in Pull pull, ReadOnlySpan<float> parameters, Span<float> sent)
        {
            for (var i = 0; i < sent.Length; i++)
            {
                sent[i] = parameters[i] * (1 + (0.001f * pull.Worker));
            }
        }
    }
}
