using System.Collections.Concurrent;
using System.CommandLine;
using Microsoft.Extensions.Hosting;
using Orchestrator.Composition;
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

    public Command Build()
    {
        var sweep = new Argument<string>("sweep");
        var output = CommonOptions.Output();
        var results = new Option<string>("--results") { Required = true };
        var lease = NumberOptions.Seconds("--lease", "", SweepOptions.DefaultLease);
        var threads = CommonOptions.Threads("");
        var checkpointSeconds = NumberOptions.Seconds("--checkpoint-seconds", "", CheckpointRule.DefaultSeconds);
        var checkpointUpdates = new Option<long?>("--checkpoint-updates");
        var sparing = new Option<bool>("--checkpoint-sparing");
        var data = CommonOptions.Data();
        var plugins = CommonOptions.Plugins();
        var command = new Command(Name, "Works on a sweep for the process that started it.")
        {
            sweep, output, results, lease, threads, checkpointSeconds, checkpointUpdates, sparing, data, plugins,
        };
        command.Hidden = true;
        command.SetAction(parsed =>
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping);
            new Thread(() => CancelAtEnd(stop)) { IsBackground = true, Name = "standard input" }.Start();
            var folder = new SweepFolder(parsed.GetValue(output)!, parsed.GetValue(sweep)!);
            var dataFolders = folders.Data(parsed.GetValue(data));
            var catalog = folders.Read(parsed.GetValue(plugins)!);
            var plan = StoredPlan.Read(folder, catalog, new PipelineRequest(dataFolders) { Cores = parsed.GetValue(threads) });
            var ledger = new BuildCheck(plan, folder, Ledger.Read(parsed.GetValue(results)!, [])).LedgerThatCounts();
            using var listener = new Listener();
            var options = new RunOptions(dataFolders)
            {
                Cores = parsed.GetValue(threads),
                Checkpoints = new CheckpointRule(
                    parsed.GetValue(checkpointSeconds) is > 0 and var seconds ? seconds : null, parsed.GetValue(checkpointUpdates) is > 0 and var updates ? updates : null, parsed.GetValue(sparing)),
                SharedData = new LoadedData(),
                Telemetry = new RunTelemetry(Environment.GetEnvironmentVariable),
                CheckpointRequests = checkpoints,
                HostStarter = new HostProcesses(OwnProgram.Command),
                Labels = new Dictionary<string, string> { ["sweep"] = SweepDocument.IdOf(plan) },
            };
            var claimant = new Claimant(plan, folder, new SweepStore(folder.Claims, ledger), TimeSpan.FromSeconds(parsed.GetValue(lease)!.Value), options, listener);
            return claimant.Run(stop.Token) switch
            {
                ClaimantEnd.NothingLeft => ClaimantExit.NothingLeft,
                ClaimantEnd.NoRoom => ClaimantExit.NoRoom,
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
