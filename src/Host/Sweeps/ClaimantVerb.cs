using System.Collections.Concurrent;
using System.CommandLine;
using Microsoft.Extensions.Hosting;
using Orchestrator.Runs;
using Orchestrator.Sweeps;

namespace Orchestrator.Host;

/// <summary>
/// One of the processes that <c>run</c> starts for a sweep: claims its runs in turn and runs them.
/// Ends when its standard input does.
/// </summary>
internal sealed class ClaimantVerb(IHostApplicationLifetime lifetime, CheckpointRequests checkpoints, PluginFolders folders) : IVerb
{
    public const string Name = "sweep-claimant";

    /// <summary>When its time is over, in seconds since 1970.</summary>
    public const string UntilName = "--until";

    /// <summary>How long a task is that has the time to itself, s.</summary>
    public const string WholeName = "--whole";

    public Command Build()
    {
        var (options, until, whole) = (new ClaimantOptions(), new Option<long?>(UntilName), new Option<double>(WholeName));
        var command = new Command(Name, "Works on a sweep for the process that started it.") { until, whole };
        options.AddTo(command);
        command.SetAction(parsed =>
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping);
            new Thread(() => CancelAtEnd(stop)) { IsBackground = true, Name = "standard input" }.Start();
            var (folder, plan) = (options.Folder(parsed), options.Plan(parsed, folders));
            var ledger = new BuildCheck(plan, folder, Ledger.Read(options.Results(parsed), plan.Name, [])).LedgerThatCounts();
            using var listener = new Listener();
            var run = options.Options(parsed, folders, checkpoints) with
            {
                SharedData = new LoadedData(),
                Labels = new Dictionary<string, string> { ["sweep"] = SweepDocument.IdOf(plan) },
            };
            var claimant = new Claimant(plan, folder, new SweepStore(folder.Claims, ledger), options.Lease(parsed), run, listener)
            {
                Time = parsed.GetValue(until) is { } end ? new TaskTime(DateTimeOffset.FromUnixTimeSeconds(end), TimeSpan.FromSeconds(parsed.GetValue(whole)), TimeProvider.System) : null,
            };
            return claimant.Run(stop.Token) switch
            {
                ClaimantEnd.NothingLeft => ClaimantExit.NothingLeft,
                ClaimantEnd.NoRoom => ClaimantExit.NoRoom,
                ClaimantEnd.OutOfTime => ClaimantExit.OutOfTime,
                ClaimantEnd.Edited => ClaimantExit.Edited,
                ClaimantEnd.NothingFits => ClaimantExit.NothingFits,
                _ => ClaimantExit.Stopped,
            };
        });
        return command;
    }

    private static void CancelAtEnd(CancellationTokenSource stop)
    {
        using var input = Console.OpenStandardInput();
        var buffer = new byte[256];
        while (input.Read(buffer) > 0)
        {
        }

        try
        {
            stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The claimant had ended.
        }
    }

    // One line each on standard output, by a thread of its own: a reader who stands still must not
    // hold a run up.
    private sealed class Listener : IClaimantListener, IDisposable
    {
        private const int MostWaiting = 1000;
        private const int ProgressMs = 500;

        private readonly BlockingCollection<ClaimantMessage> messages = [];
        private readonly Thread writer;

        public Listener()
        {
            writer = new Thread(Write) { IsBackground = true, Name = "messages" };
            writer.Start();
        }

        public void Began(WantedRun run, int claim, bool goesOn) => messages.Add(new ClaimantMessage(MessageKind.Began, run.Run.Key, run.Run.ToString(), claim, goesOn));

        public IDisposable Show(RunView run) => new Timer(
            _ =>
            {
                if (messages is { IsAddingCompleted: false, Count: < MostWaiting })
                {
                    messages.Add(new ClaimantMessage(MessageKind.Progress, Share: Math.Clamp(run.ShareDone(), 0, 1)));
                }
            },
            null, ProgressMs, ProgressMs);

        public void Ended(WantedRun run, int claim, RunEnd end, string? message) =>
            messages.Add(new ClaimantMessage(MessageKind.Ended, run.Run.Key, run.Run.ToString(), claim, End: end, Text: message));

        public void Note(string text)
        {
        }

        public void Warn(string text) => messages.Add(new ClaimantMessage(MessageKind.Warning, Text: text));

        public void Dispose()
        {
            messages.CompleteAdding();
            writer.Join(TimeSpan.FromSeconds(1));
        }

        private void Write()
        {
            using var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
            foreach (var message in messages.GetConsumingEnumerable())
            {
                try
                {
                    output.WriteLine(message.ToJson());
                }
                catch (IOException)
                {
                    // Nobody listens any more; the run goes on until standard input says so.
                }
            }
        }
    }
}
