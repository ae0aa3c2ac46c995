using System.Diagnostics;
using System.Globalization;
using Orchestrator.Abstractions;
using Orchestrator.Engine;

namespace Orchestrator.Runs;

/// <summary>
/// The worker hosts that a run starts on its own machine. One that is killed, or that the run has
/// given up because it stands still, is replaced; one that says what is wrong with it is not, and
/// when none is left the run ends with what it said.
/// </summary>
internal sealed class LocalHosts : IDisposable
{
    /// <summary>Without any push between them.</summary>
    private const int MostReplacements = 100;
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);

    private readonly object gate = new();
    private readonly HostSettings settings;
    private readonly int cores;
    private readonly IRunConsole console;
    private readonly RunProgress progress;
    private readonly CancellationTokenSource stop;
    private readonly List<Process> running = [];
    private readonly CancellationTokenSource over = new();
    private int replacements;
    private long pushesThen;
    private bool closing;
    private string? failure;

    /// <param name="settings">How many, and what they are given.</param>
    /// <param name="cores">Threads that they share.</param>
    /// <param name="console">Told how others may join, and of hosts that end.</param>
    /// <param name="progress">Of the run: hosts that are killed again and again before anything
    /// comes of them are not replaced for ever.</param>
    /// <param name="stop">The run's own signal to stop.</param>
    public LocalHosts(HostSettings settings, int cores, IRunConsole console, RunProgress progress, CancellationToken stop)
    {
        (this.settings, this.cores, this.console, this.progress) = (settings, cores, console, progress);
        this.stop = CancellationTokenSource.CreateLinkedTokenSource(stop);
    }

    /// <summary>The run's signal, and that of hosts that cannot work.</summary>
    public CancellationToken Stop => stop.Token;

    /// <summary>Starts the hosts; nothing where the transport has none.</summary>
    public void Start(Meeting? meeting)
    {
        if (meeting is null)
        {
            return;
        }

        if (settings.IsListening || settings.Own == 0)
        {
            console.Note($"Worker hosts may join: orchestrator worker --server {meeting.Address}{(meeting.TokenFile is { } file ? " --token-file " + file : "")}{(meeting.ListensOn is { } all ? $" (the run listens on {all})" : "")}");
        }

        for (var i = 0; i < settings.Own; i++)
        {
            var threads = Math.Max(1, (cores / settings.Own) + (i < cores % settings.Own ? 1 : 0));
            Start([
                "worker", "--server", meeting.LocalAddress, "--wait", "0", "--threads", threads.ToString(CultureInfo.InvariantCulture),
                .. meeting.TokenFile is { } token ? new[] { "--token-file", token } : [],
                .. settings.Forwarded,
            ]);
        }
    }

    /// <summary>
    /// The run has given a host up. One of ours that does not end by itself, because it is stopped
    /// or hangs, is killed.
    /// </summary>
    public void Left(HostTraffic host)
    {
        console.Warn($"worker host {host.Host} ({host.Name}) has left the run: {host.Left}; its work moves to others.");
        lock (gate)
        {
            if (running.Find(process => host.Name == HostName(process)) is { } process)
            {
                _ = EndAsync(process);
            }
        }
    }

    /// <exception cref="TransportException">No host of this run could work.</exception>
    public void ThrowIfFailed()
    {
        lock (gate)
        {
            if (failure is not null)
            {
                throw new TransportException(failure);
            }
        }
    }

    /// <summary>Waits for the hosts, which end with the link; whoever does not is killed.</summary>
    public void Dispose()
    {
        List<Process> left;
        lock (gate)
        {
            closing = true;
            left = [.. running];
        }

        over.Cancel();
        foreach (var process in left)
        {
            if (!process.WaitForExit(Farewell))
            {
                process.Kill();
            }
        }

        stop.Dispose();
        over.Dispose();
    }

    // As the host says it in the handshake.
    private static string HostName(Process process) => $"{Environment.MachineName}:{process.Id}";

    private async Task EndAsync(Process process)
    {
        try
        {
            await process.WaitForExitAsync(over.Token).WaitAsync(LastWords);
        }
        catch (TimeoutException)
        {
            process.Kill();
        }
        catch (OperationCanceledException)
        {
            // The run is over, and whoever is still there is ended with it.
        }
    }

    private void Start(string[] arguments)
    {
        // Under `dotnet orchestrator.dll` the process is dotnet.
        var program = Environment.ProcessPath!;
        var viaDotnet = Path.GetFileNameWithoutExtension(program) == "dotnet";
        var start = new ProcessStartInfo(program, viaDotnet ? [Environment.GetCommandLineArgs()[0], .. arguments] : arguments)
        {
            RedirectStandardError = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in settings.Variables)
        {
            start.Environment[name] = value;
        }

        var said = new Queue<string>();
        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        process.ErrorDataReceived += (_, line) => Keep(said, line.Data);
        process.Exited += (_, _) => Ended(process, arguments, said);
        lock (gate)
        {
            if (closing)
            {
                return;
            }

            process.Start();
            running.Add(process);
        }

        process.StandardInput.Close();
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
    }

    private static void Keep(Queue<string> said, string? line)
    {
        if (string.IsNullOrWhiteSpace(line))
        {
            return;
        }

        lock (said)
        {
            said.Enqueue(line);
            if (said.Count > 5)
            {
                said.Dequeue();
            }
        }
    }

    private void Ended(Process process, string[] arguments, Queue<string> said)
    {
        process.WaitForExit();
        bool replace;
        lock (gate)
        {
            running.Remove(process);
            if (closing || stop.IsCancellationRequested || process.ExitCode is ExitCodes.Ok or ExitCodes.Cancelled)
            {
                return;
            }

            // A number above 128 is a signal; anything else the host said itself.
            replacements = progress.Pushes > pushesThen ? 0 : replacements + 1;
            pushesThen = progress.Pushes;
            replace = process.ExitCode > 128 && replacements <= MostReplacements;
            if (!replace && running.Count == 0 && !settings.IsListening)
            {
                failure = $"The last worker host ended with exit code {process.ExitCode}: {Said(said)}";
            }
        }

        if (replace)
        {
            Start(arguments);
            return;
        }

        console.Warn($"a worker host ended with exit code {process.ExitCode}: {Said(said)}");
        if (failure is not null)
        {
            stop.Cancel();
        }
    }

    private static string Said(Queue<string> said)
    {
        lock (said)
        {
            return said.Count == 0 ? "it said nothing" : string.Join(" ", said);
        }
    }
}
