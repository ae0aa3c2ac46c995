using System.Text.Json;
using Orchestrator.Abstractions;
using Orchestrator.Numerics;
using Orchestrator.RunFolders;

namespace Orchestrator.Reports.Tests;

/// <summary>
/// A run folder that the real recorder wrote, of pushes that are made up: workers of unequal speed,
/// one extreme gap, and, where they wait for each other, a barrier.
/// </summary>
internal sealed class MadeRun : IDisposable
{
    private const int Samples = 32;

    /// <summary>What the classes of a run with classes are called.</summary>
    public static readonly string[] ClassNames =
    [
        "T-shirt/top", "trouser", "</title><script>alert(1)</script><img src=x onerror=alert(2)>", "dress", "coat", "sandal", "shirt", "sneaker", "bag",
        "a boot with a name that is far too long for an axis",
    ];

    private readonly string root = Directory.CreateTempSubdirectory("orchestrator-report-").FullName;
    private readonly RunFolder folder;
    private readonly Recorder recorder;
    private readonly IEnumerator<PushRecord> next;
    private readonly int evaluateEvery;
    private readonly bool hasClasses;

    /// <param name="name">The pipeline's name.</param>
    /// <param name="workers">At least 1.</param>
    /// <param name="pushes">How many.</param>
    /// <param name="waits">Whether a worker goes on only when all have pushed.</param>
    /// <param name="message">Why it ended; null where it completed.</param>
    /// <param name="hasClasses">Whether classes have names and are counted, and partitions hold
    /// natural groups.</param>
    public MadeRun(string name, int workers, int pushes, bool waits = false, string? message = null, bool hasClasses = false)
        : this(name, workers, pushes, waits, hasClasses)
    {
        Grow(pushes);
        End(message);
    }

    private MadeRun(string name, int workers, int pushes, bool waits, bool hasClasses)
    {
        this.hasClasses = hasClasses;
        folder = RunFolder.Create(root, name, "0123456789ab");
        Folder = folder.FullPath;
        evaluateEvery = Math.Max(1, pushes / 10);
        next = (waits ? InRounds(workers, pushes) : Asynchronous(workers, pushes)).GetEnumerator();
        folder.Start(
            JsonSerializer.Serialize(
                new
                {
                    name,
                    seed = 1,
                    model = new { type = "lenet5" },
                    dataset = new { type = name },
                    consistency = new { type = "asynchronous" },
                    evaluation = new { perClass = hasClasses },
                }),
            new RunDescription
            {
                ProgramVersion = "0.1.0",
                KernelPath = "managed",
                DatasetFingerprint = "00ff",
                IsVirtual = true,
                Workers = workers,
                Classes = 10,
                ClassNames = hasClasses ? ClassNames : null,
            });
        if (hasClasses)
        {
            int[] rows = [.. Enumerable.Range(0, 600)];
            var parts = Enumerable.Range(0, workers).Select(worker => new ReadOnlyMemory<int>([.. rows.Where(row => row % workers == worker)])).ToList();
            folder.WritePartitions(PartitionSkew.Of(parts, [.. rows.Select(row => row * row % 10)], 10, rows.Length));
            folder.WriteGroups(parts, [.. rows.Select(row => row / 7)], [.. rows.Select(group => $"user {group}, <img src=x onerror=alert(3)>")]);
        }

        var layout = new ParameterLayout([new NamedTensor("w", [1], 0)], []);
        recorder = new Recorder(folder.FullPath, layout, hasConfusions: hasClasses);
        recorder.Event(new RunEvent(0, "host-joined", -1, 0, name));
    }

    /// <summary>A run that goes on, until <see cref="End"/>.</summary>
    /// <param name="name">The pipeline's name.</param>
    /// <param name="workers">At least 1.</param>
    /// <param name="pushes">How many there will be at most.</param>
    /// <param name="hasClasses">As of a run that is made whole.</param>
    public static MadeRun Begin(string name, int workers, int pushes, bool hasClasses = false) => new(name, workers, pushes, waits: false, hasClasses);

    /// <summary>The confusion matrix of the evaluation after so many pushes, row by row.</summary>
    public long[] Confusion(int pushes) => [.. Enumerable.Range(0, 10).SelectMany(label => Row(pushes, label))];

    /// <summary>The folder of all runs.</summary>
    public string Output => root;

    public string Folder { get; }

    public List<PushRecord> Pushes { get; } = [];

    public RunEntry Entry => RunReader.Read(Folder)!;

    /// <summary>Records some more pushes, and their evaluations.</summary>
    public void Grow(int pushes)
    {
        for (var n = 0; n < pushes && next.MoveNext(); n++)
        {
            var push = next.Current;
            recorder.Push(push);
            Pushes.Add(push);
            if (Pushes.Count % evaluateEvery == 0)
            {
                recorder.Evaluation(new EvaluationRecord
                {
                    Event = push.Event,
                    Version = push.Version + 1,
                    Epoch = Pushes.Count * Samples / 12000.0,
                    At = push.ArrivedAt,
                    TestLoss = 1.0 / Pushes.Count,
                    TestAccuracy = 90,
                    LargestPredictedShare = 0.1,
                    ParameterNorm = 3,
                    Duration = 1,
                });
                for (var label = 0; hasClasses && label < 10; label++)
                {
                    recorder.Confusion(new ConfusionRecord(push.Event, push.Version + 1, SampleSet.Test, label, Row(Pushes.Count, label)));
                }
            }
        }
    }

    /// <summary>Ends it.</summary>
    /// <param name="message">Why; null where it completed.</param>
    public void End(string? message = null)
    {
        recorder.Finish([1f]);
        var status = message is null ? RunStatus.Completed : RunStatus.Failed;
        var outcome = new RunOutcome { Status = status, Message = message, WallSeconds = 1, VirtualSeconds = 2 };
        folder.Finish(folder.Summarize(outcome, recorder) with { Notes = [folder.Name] });
        folder.Dispose();
    }

    public void Dispose()
    {
        recorder.Dispose();
        folder.Dispose();
        Directory.Delete(root, recursive: true);
    }

    private static long[] Row(int pushes, int label) => [.. Enumerable.Range(0, 10).Select(taken => taken == label ? 80L + (pushes % 7) : (label + taken) % 4)];

    private static IEnumerable<PushRecord> Asynchronous(int workers, int pushes)
    {
        var random = new Random(1);
        var due = new PriorityQueue<(int Worker, long PullEvent, long PulledAt, long Version), (long, int)>();
        var (happened, version) = (0L, 0L);
        for (var worker = 0; worker < workers; worker++)
        {
            due.Enqueue((worker, ++happened, 0, 0), (Duration(worker), worker));
        }

        for (var n = 0; n < pushes; n++)
        {
            due.TryDequeue(out var work, out var at);
            yield return Push(work.Worker, n, work.PullEvent, ++happened, work.Version, version, work.PulledAt, at.Item1, PushDecision.Applied, pushes, random);
            version++;
            due.Enqueue((work.Worker, ++happened, at.Item1, version), (at.Item1 + Duration(work.Worker), work.Worker));
        }

        long Duration(int worker) => (long)(1e7 * (1 + (0.1 * random.NextDouble())) * (worker == 0 ? 3 : 1));
    }

    private static IEnumerable<PushRecord> InRounds(int workers, int pushes)
    {
        var random = new Random(1);
        var (now, happened, n) = (0L, 0L, 0);
        for (var round = 0; n < pushes; round++)
        {
            var first = happened;
            happened += workers;
            var ends = Enumerable.Range(0, workers).Select(worker => (Worker: worker, At: now + 1_000_000L * (10 + ((worker + round) % workers))))
                .OrderBy(end => end.At).ToList();
            foreach (var (worker, at) in ends)
            {
                var isLast = worker == ends[^1].Worker;
                yield return Push(
                    worker, n++, first + worker + 1, ++happened, round, round, now, at, isLast ? PushDecision.Applied : PushDecision.Buffered, pushes, random);
            }

            now = ends[^1].At;
        }
    }

    private static PushRecord Push(
        int worker, int n, long pullEvent, long number, long pulled, long version, long from, long to, PushDecision decision, int pushes, Random random) =>
        new()
        {
            Event = number,
            PullEvent = pullEvent,
            Worker = worker,
            Gradient = n,
            Batch = n,
            Samples = Samples,
            Decision = decision,
            VersionPulled = pulled,
            Version = version,
            PulledAt = from,
            ArrivedAt = to,
            GapRms = n == pushes / 3 ? 777 : 0.001 * (1 + random.NextDouble()),
            GradientNorm = 1 + random.NextDouble(),
            UpdateNorm = 0.01 * (1 + random.NextDouble()),
            Loss = 2.3 / (1 + (n * 10.0 / pushes)),
            LearningRate = 0.01,
            PayloadBytes = 4,
            ComputeTime = 1,
            Host = 0,
        };
}
