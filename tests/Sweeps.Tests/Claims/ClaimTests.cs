using System.Diagnostics;
using Orchestrator.Abstractions;
using Orchestrator.Runs;

namespace Orchestrator.Sweeps.Tests;

public sealed class ClaimTests : IDisposable
{
    private const string Key = "0123456789abcdef01234567";
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);

    private readonly Work work = new();
    private readonly Clock clock = new();

    public void Dispose() => work.Dispose();

    [Fact]
    public void Of_many_who_claim_one_gets_it()
    {
        var held = new int[200];
        Parallel.For(0, 16, i =>
        {
            var desk = Desk(Elsewhere($"claimant {i}"));
            for (var run = 0; run < held.Length; run++)
            {
                if (desk.TryClaim($"run{run}", out _) is not null)
                {
                    Interlocked.Increment(ref held[run]);
                }
            }
        });

        Assert.All(held, count => Assert.Equal(1, count));
    }

    [Theory]
    [InlineData(6, 6, ClaimantEnd.OutOfTime)]
    [InlineData(20, 100, ClaimantEnd.NothingFits)]
    public void A_task_that_waited_until_its_time_was_over_was_not_too_short(double left, double whole, ClaimantEnd end)
    {
        var plan = work.Planned(Pipelines.Quadratic("""{ "seeds": 1 }"""));
        var folder = SweepFolder.Of(work.Runs, plan);
        folder.Start(plan, "{}");
        var others = new ClaimDesk(folder.Claims, ProcessIdentity.Make(), Lease, TimeProvider.System);
        Assert.NotNull(others.TryClaim(SweepPlan.Run(plan.Cells[0], plan.Rounds[0].Levels[0]).Key, out _));
        var claimant = new Claimant(plan, folder, new SweepStore(folder.Claims, new Dictionary<string, CompletedRun>()), Lease, new RunOptions(new DataFolders([])), new Deaf())
        {
            Time = new TaskTime(DateTimeOffset.UtcNow.AddSeconds(left), TimeSpan.FromSeconds(whole), TimeProvider.System),
        };

        Assert.Equal(end, claimant.Run(TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_claim_that_beats_is_left_alone()
    {
        var claim = Desk(Elsewhere("a")).TryClaim(Key, out _)!;
        var other = Desk(Elsewhere("b"));

        for (var i = 0; i < 50; i++)
        {
            claim.Beat();
            clock.Pass(Lease / 4);
            Assert.Null(other.TryClaim(Key, out var found));
            Assert.Equal(ClaimState.Claimed, found.State);
        }
    }

    [Fact]
    public void A_claim_without_beats_is_taken_over_after_the_lease()
    {
        var claim = Desk(Elsewhere("a")).TryClaim(Key, out _)!;
        var other = Desk(Elsewhere("b"));
        Look(other, times: 5);

        var taken = other.TryClaim(Key, out _);

        Assert.Equal(2, taken?.Number);
        Assert.True(claim.IsSucceeded());
        Assert.False(taken!.IsSucceeded());
        Assert.Equal(AttemptEnd.Lost, claim.Claims.ReadEnd(1)?.How);
    }

    /// <summary>Whoever stood still itself sees no beats either.</summary>
    [Fact]
    public void Who_has_not_looked_for_long_judges_nobody()
    {
        _ = Desk(Elsewhere("a")).TryClaim(Key, out _)!;
        var other = Desk(Elsewhere("b"));
        Look(other, times: 1);
        clock.Pass(10 * Lease);

        Assert.Null(other.TryClaim(Key, out _));
    }

    [Fact]
    public void The_claim_of_a_process_that_ended_here_is_taken_over_at_once()
    {
        using var process = Process.Start(new ProcessStartInfo("sleep", "100"))!;
        var identity = ProcessIdentity.Make() with { Process = process.Id, Started = StartOf(process.Id) };
        _ = Desk(identity).TryClaim(Key, out _)!;
        Assert.Null(Desk(Elsewhere("b")).TryClaim(Key, out _));

        process.Kill();
        process.WaitForExit();

        Assert.Equal(2, Desk(Elsewhere("b")).TryClaim(Key, out _)?.Number);
    }

    [Fact]
    public void A_released_run_is_anybodys()
    {
        Desk(Elsewhere("a")).TryClaim(Key, out _)!.End(AttemptEnd.Released);

        Assert.Equal(2, Desk(Elsewhere("b")).TryClaim(Key, out _)?.Number);
    }

    [Fact]
    public void A_failed_run_is_tried_again_only_when_told_to()
    {
        var desk = Desk(Elsewhere("a"));
        desk.TryClaim(Key, out _)!.End(AttemptEnd.Failed, "no luck");

        Assert.Null(desk.TryClaim(Key, out var found));
        Assert.Equal((ClaimState.Failed, "no luck"), (found.State, found.End?.Message));
        desk.Of(Key).Forgive(found.Last);
        Assert.Equal(2, desk.TryClaim(Key, out _)?.Number);
    }

    [Theory]
    [InlineData(AttemptEnd.Crashed, 2)]
    [InlineData(AttemptEnd.Killed, 5)]
    [InlineData(AttemptEnd.Lost, 0)]
    [InlineData(AttemptEnd.Released, 0)]
    public void A_run_that_processes_die_of_is_given_up(object how, int most)
    {
        var desk = Desk(Elsewhere("a"));
        var tries = 0;
        while (tries < 20 && desk.TryClaim(Key, out _) is { } claim)
        {
            claim.End((AttemptEnd)how);
            tries++;
        }

        Assert.Equal(most == 0 ? 20 : most, tries);
    }

    [Fact]
    public void A_second_completion_is_compared_and_not_counted()
    {
        var claims = Desk(Elsewhere("a")).Of(Key);
        var first = Run("aa", 1);

        Assert.Same(first, claims.Complete(first));
        Assert.Equal(first, claims.Complete(Run("aa", 2)));
        Assert.Equal(first, claims.Complete(Run("bb", 3)));
        Assert.Equal(first, claims.ReadDone());
        Assert.Equal([(2, true), (3, false)], claims.ReadSeconds().Select(second => (second.Run.Claim, second.IsSame)));
        Assert.Null(Desk(Elsewhere("b")).TryClaim(Key, out var found));
        Assert.Equal(ClaimState.Done, found.State);
    }

    private void Look(ClaimDesk desk, int times)
    {
        for (var i = 0; i < times; i++)
        {
            Assert.Null(desk.TryClaim(Key, out _));
            clock.Pass(Lease / 4);
        }
    }

    private ClaimDesk Desk(ProcessIdentity identity) => new(Path.Combine(work.Folder, ".sweeps"), identity, Lease, clock);

    private static ProcessIdentity Elsewhere(string claimant) => new("elsewhere", 1, "another boot", 1, claimant);

    private static CompletedRun Run(string digest, int claim) => new()
    {
        Key = Key,
        Cell = Key,
        Seed = 1,
        Status = "completed",
        Digest = digest,
        IsVirtual = true,
        Build = "b",
        KernelPath = "k",
        Data = "d",
        NoConvergence = false,
        Updates = 1,
        WallSeconds = 1,
        Claim = claim,
    };

    private static long StartOf(int process)
    {
        var stat = File.ReadAllText($"/proc/{process}/stat");
        return long.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19], System.Globalization.CultureInfo.InvariantCulture);
    }

    private sealed class Clock : TimeProvider
    {
        private long ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Interlocked.Read(ref ticks);

        public void Pass(TimeSpan time) => Interlocked.Add(ref ticks, time.Ticks);
    }

    private sealed class Deaf : IClaimantListener
    {
        public void Began(WantedRun run, int claim, bool goesOn)
        {
        }

        public IDisposable Show(RunView run) => throw new NotSupportedException();

        public void Ended(WantedRun run, int claim, RunEnd end, string? message)
        {
        }

        public void Note(string text)
        {
        }

        public void Warn(string text)
        {
        }
    }
}
