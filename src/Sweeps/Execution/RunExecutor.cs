using Orchestrator.Abstractions;
using Orchestrator.RunFolders;
using Orchestrator.Runs;

namespace Orchestrator.Sweeps;

/// <summary>Executes runs of a sweep within this process.</summary>
/// <param name="output">The folder of all runs.</param>
/// <param name="options">What runs are given; the console is the executor's own.</param>
internal sealed class RunExecutor(string output, RunOptions options)
{
    private const int LookMs = 20;

    /// <summary>
    /// Executes a run from its beginning, or from where an earlier attempt of it ended.
    /// </summary>
    /// <param name="wanted">The run, and where it pauses.</param>
    /// <param name="earlier">Folders of earlier attempts, the newest first.</param>
    /// <param name="folderMade">Told where it is recorded, before it begins.</param>
    /// <param name="listener">Told how it goes.</param>
    /// <param name="claim">The claim's number.</param>
    /// <param name="stop">Ends it early, with a checkpoint.</param>
    /// <exception cref="RunRefusedException">It cannot be run at all.</exception>
    /// <exception cref="DataException">The data is not there.</exception>
    /// <exception cref="RecorderException">Its folder cannot be written.</exception>
    public ExecutedRun Execute(WantedRun wanted, IEnumerable<string> earlier, Action<string> folderMade, IClaimantListener listener, int claim, CancellationToken stop)
    {
        using var own = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var console = new Console(listener, wanted, own);
        var session = new RunSession(wanted.Run.Pipeline, options with
        {
            Console = console,
            FolderMade = Made,
            Labels = new Dictionary<string, string>(options.Labels) { ["cell"] = wanted.Run.Cell.Key, ["key"] = wanted.Run.Key },
        });
        foreach (var folder in earlier)
        {
            var problems = new List<string>();
            if (RunReader.Read(folder) is not { } run || RunFork.Make(run, output, problems) is not { } fork)
            {
                problems.ForEach(listener.Warn);
                continue;
            }

            try
            {
                folderMade(fork.Folder);
                console.Folder = fork.Folder;
                listener.Began(wanted, claim, goesOn: true);
                return new ExecutedRun(session.Resume(fork, own.Token), console.HasPaused);
            }
            catch (RunRefusedException refused) when (refused.Edited.Count == 0)
            {
                // Another program made it: its result could not be exact, so the run begins anew.
                listener.Note(refused.Message);
            }
        }

        listener.Began(wanted, claim, goesOn: false);
        return new ExecutedRun(session.Start(output, own.Token), console.HasPaused);

        void Made(string folder)
        {
            console.Folder = folder;
            folderMade(folder);
        }
    }

    private sealed class Console(IClaimantListener listener, WantedRun wanted, CancellationTokenSource pause) : IRunConsole
    {
        /// <summary>Where the run is recorded.</summary>
        public string Folder { get; set; } = "";

        /// <summary>Whether the run was ended at its mark.</summary>
        public bool HasPaused { get; private set; }

        public void Note(string text) => listener.Note(text);

        public void Warn(string text) => listener.Warn(text);

        public IDisposable Show(RunView run)
        {
            var shown = listener.Show(run);
            return wanted.Mark is { } mark ? new MarkWatch(run, () => HasPassed(mark), Pause, shown) : shown;
        }

        private bool HasPassed(double mark) => Rungs.Read(wanted.Run.Key, Folder, mark, end: null) is not null;

        private void Pause()
        {
            HasPaused = true;
            pause.Cancel();
        }
    }

    // Ends a run once its record has an evaluation at or past the mark. That what it does until
    // then varies matters not: it is kept in the checkpoint.
    private sealed class MarkWatch : IDisposable
    {
        private readonly ManualResetEventSlim over = new();
        private readonly Thread thread;
        private readonly IDisposable shown;

        public MarkWatch(RunView run, Func<bool> hasPassed, Action pause, IDisposable shown)
        {
            this.shown = shown;
            thread = new Thread(() =>
            {
                while (!over.Wait(LookMs))
                {
                    if (run.Progress.Updates > 0 && hasPassed())
                    {
                        pause();
                        return;
                    }
                }
            })
            { IsBackground = true, Name = "mark" };
            thread.Start();
        }

        public void Dispose()
        {
            over.Set();
            thread.Join();
            over.Dispose();
            shown.Dispose();
        }
    }
}

/// <summary>How an execution ended.</summary>
/// <param name="Summary">As in <c>run.json</c>.</param>
/// <param name="HasPaused">Whether it was ended at its mark.</param>
internal sealed record ExecutedRun(RunSummary Summary, bool HasPaused);
