using System.Globalization;
using Orchestrator.Abstractions;

namespace Orchestrator.Runs;

/// <summary>
/// The worker hosts that a run starts for itself. One that is lost while the run lives is replaced,
/// whatever it says: killed, given up because it stands still, out of memory. One that does not
/// come as far as joining is tried <see cref="MostStarts"/> times; of one that is lost again and
/// again without a single push, the <see cref="MostIdleLosses"/>th is the last. When none is left,
/// and nobody else may join, the run ends with what the last one said.
/// </summary>
internal sealed class OwnHosts : IDisposable
{
    /// <summary>Starts in a row that fail by themselves, before one is given up.</summary>
    public const int MostStarts = 3;

    /// <summary>Losses in a row without a push between them, before one is given up.</summary>
    public const int MostIdleLosses = 20;

    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private readonly HostSettings settings;
    private readonly IHostStarter? starter;
    private readonly int cores;
    private readonly IRunConsole console;
    private readonly CancellationTokenSource stop;
    private readonly List<OwnHost> places = [];
    private Rendezvous? said;
    private bool isOver;
    private string? failure;

    /// <param name="settings">How many, and what they are given.</param>
    /// <param name="starter">Starts them; null where the run has none of its own.</param>
    /// <param name="cores">Threads that they share.</param>
    /// <param name="console">Told how others may join, and of hosts that are given up.</param>
    /// <param name="stop">The run's own signal to stop.</param>
    public OwnHosts(HostSettings settings, IHostStarter? starter, int cores, IRunConsole console, CancellationToken stop)
    {
        (this.settings, this.starter, this.cores, this.console) = (settings, starter, cores, console);
        this.stop = CancellationTokenSource.CreateLinkedTokenSource(stop);
    }

    /// <summary>The run's signal, and that of hosts that cannot work.</summary>
    public CancellationToken Stop => stop.Token;

    /// <summary>Starts the hosts; nothing where the transport has none.</summary>
    /// <exception cref="RunRefusedException">They cannot be started.</exception>
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

        if (settings.Rendezvous is { } shared)
        {
            said = new Rendezvous(meeting.Address, meeting.TokenFile);
            said.Write(shared);
        }

        for (var i = 0; i < settings.Own; i++)
        {
            var threads = Math.Max(1, (cores / settings.Own) + (i < cores % settings.Own ? 1 : 0));
            Start(new OwnHost(new HostTask(
                [
                    "worker", "--server", meeting.LocalAddress, "--wait", "0", "--threads", threads.ToString(CultureInfo.InvariantCulture),
                    .. meeting.TokenFile is { } token ? new[] { "--token-file", token } : [],
                    .. settings.Forwarded,
                ],
                settings.Variables)));
        }
    }

    /// <summary>A host has joined the run.</summary>
    public void Joined(HostTraffic host)
    {
        lock (gate)
        {
            if (Find(host) is { } place)
            {
                place.HasJoined = true;
                place.FailedStarts = 0;
            }
        }
    }

    /// <summary>
    /// The run has given a host up. One of ours that does not end by itself, because it is stopped
    /// or hangs, is killed.
    /// </summary>
    public void Left(HostTraffic host)
    {
        lock (gate)
        {
            if (Find(host) is { } place)
            {
                _ = EndAsync(place.Host!);
            }

            // Its process may have been seen to end before, and another may stand in its place.
            foreach (var held in places.Where(place => host.Pushes > 0 && place.Names.Contains(host.Name)))
            {
                held.IdleLosses = 0;
            }
        }
    }

    /// <summary>
    /// The run has ended, and its hosts end with its link: from now on none is replaced.
    /// </summary>
    public void Over()
    {
        lock (gate)
        {
            isOver = true;
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
        List<IStartedHost> left;
        lock (gate)
        {
            isOver = true;
            left = [.. places.Select(place => place.Host).OfType<IStartedHost>()];
        }

        said?.Remove(settings.Rendezvous!);

        // For all together: they were told together.
        Task.WaitAll([.. left.Select(host => host.Ended)], Farewell);
        foreach (var host in left)
        {
            if (!host.Ended.IsCompleted)
            {
                host.Kill();
            }

            host.Dispose();
        }

        stop.Dispose();
    }

    private static async Task EndAsync(IStartedHost host)
    {
        if (await Task.WhenAny(host.Ended, Task.Delay(LastWords)) != host.Ended)
        {
            host.Kill();
        }
    }

    private OwnHost? Find(HostTraffic host) => places.Find(place => place.Host?.Name is { } name && name == host.Name);

    private void Start(OwnHost place)
    {
        lock (gate)
        {
            if (isOver)
            {
                return;
            }

            var host = starter!.Start(place.Task);
            (place.Host, place.HasJoined) = (host, false);
            if (host.Name is { } name)
            {
                place.Names.Add(name);
            }

            if (!places.Contains(place))
            {
                places.Add(place);
            }

            _ = WatchAsync(place, host);
        }
    }

    private async Task WatchAsync(OwnHost place, IStartedHost host)
    {
        var end = await host.Ended.ConfigureAwait(false);
        try
        {
            Ended(place, host, end);
        }
        catch (RunRefusedException refusal)
        {
            GiveUp(place, refusal.Message);
        }
    }

    private void Ended(OwnHost place, IStartedHost host, HostEnd end)
    {
        string? cause = null;
        lock (gate)
        {
            if (isOver || stop.IsCancellationRequested)
            {
                return;
            }

            host.Dispose();
            place.Host = null;
            var words = $"exit code {end.ExitCode}: {(end.Words.Length == 0 ? "it said nothing" : end.Words)}";
            if (place.HasJoined || end.WasKilled)
            {
                cause = ++place.IdleLosses >= MostIdleLosses ? $"a worker host was lost {MostIdleLosses} times without a push between; the last one ended with {words}" : null;
            }
            else
            {
                cause = ++place.FailedStarts >= MostStarts ? $"a worker host cannot start, in {MostStarts} tries; the last one ended with {words}" : null;
            }
        }

        if (cause is null)
        {
            Start(place);
        }
        else
        {
            GiveUp(place, cause);
        }
    }

    private void GiveUp(OwnHost place, string cause)
    {
        bool isLast;
        lock (gate)
        {
            places.Remove(place);
            isLast = places.Count == 0 && !settings.IsListening && !isOver;
            failure = isLast ? cause : failure;
        }

        if (isLast)
        {
            stop.Cancel();
        }
        else
        {
            console.Warn(cause);
        }
    }
}
