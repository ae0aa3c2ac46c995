using System.Text;
using System.Text.Json;
using Orchestrator.Reports;

namespace Orchestrator.Live;

/// <summary>
/// A page and those who watch it. While somebody does, the page is refreshed; each watcher is sent
/// all of it once and then what changed. Nothing is queued: a watcher who is slower than the page
/// misses states, and gets all of the newest instead.
/// </summary>
internal sealed class Feed : IAsyncDisposable
{
    // Nobody reads faster; a run that is read at full speed shows how far that is.
    private static readonly TimeSpan Usual = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan WhileBehind = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    // More than a browser draws with ease.
    private const double BytesPerSecond = 256 * 1024;

    // Of the time at most a fifth is spent on one page.
    private const int Rest = 4;

    private readonly ILivePage page;
    private readonly TimeProvider time;
    private readonly SemaphoreSlim turn = new(1);
    private readonly CancellationTokenSource hurry = new();
    private JsonDocument? state;
    private volatile Snapshot current = new(0, [], [], IsLast: false, new());
    private int watchers;
    private volatile bool isDraining;

    public Feed(ILivePage page, TimeProvider time)
    {
        (this.page, this.time) = (page, time);
        Idle = time.GetTimestamp();
        page.Refresh();
    }

    /// <summary>What the page may do.</summary>
    public string Policy => page.Policy;

    /// <summary>Since when nobody has watched or asked.</summary>
    private long Idle { get; set; }

    /// <summary>The page with all that it shows now.</summary>
    public async Task<byte[]> PageAsync(CancellationToken stop)
    {
        await turn.WaitAsync(stop);
        try
        {
            Idle = time.GetTimestamp();
            return page.Page();
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Refreshes the page until nobody has wanted it for a while.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested && (Volatile.Read(ref watchers) > 0 || time.GetElapsedTime(Idle) < Patience))
        {
            var start = time.GetTimestamp();
            var bytes = current.IsLast ? 0 : await RefreshAsync(stop);
            var took = time.GetElapsedTime(start);
            var pause = page.IsBehind ? WhileBehind : Usual;
            pause = Max(pause, Max(took * (page.IsBehind ? 1 : Rest), TimeSpan.FromSeconds(bytes / BytesPerSecond)));
            using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, hurry.Token);
            pause = isDraining ? WhileBehind : pause < Longest ? pause : Longest;
            await Task.Delay(pause, time, isDraining ? stop : either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>
    /// Has the watchers told the newest state there is, as their last: whoever writes has ended.
    /// </summary>
    /// <param name="longestRead">From when that state stands: who does not read is not waited
    /// for.</param>
    /// <param name="stop">Nobody is waited for any more.</param>
    public async Task DrainAsync(TimeSpan longestRead, CancellationToken stop)
    {
        isDraining = true;
        hurry.Cancel();
        long? stands = null;
        while (Volatile.Read(ref watchers) > 0 && !(stands is { } since && time.GetElapsedTime(since) > longestRead))
        {
            stands ??= current.IsLast ? time.GetTimestamp() : null;
            await Task.Delay(WhileBehind, time, stop);
        }
    }

    /// <summary>Tells a watcher all, then what changes, and behind the last state that it was.</summary>
    /// <param name="write">Sends some bytes, and waits until there is room for them.</param>
    /// <param name="stop">The watcher, or the server, is gone.</param>
    public async Task WatchAsync(Func<ReadOnlyMemory<byte>, Task> write, CancellationToken stop)
    {
        Interlocked.Increment(ref watchers);
        try
        {
            long seen = 0;
            while (true)
            {
                var now = current;
                if (now.Version == seen)
                {
                    // A comment now and then tells both sides that the other is there.
                    var isNews = await Task.WhenAny(now.Next.Task, Task.Delay(Patience, time, stop)) == now.Next.Task;
                    stop.ThrowIfCancellationRequested();
                    await (isNews ? now.Next.Task : write(": here\n\n"u8.ToArray()));
                    continue;
                }

                await write(seen > 0 && now.Version == seen + 1 && now.Change.Length > 0 ? now.Change : now.All);
                seen = now.Version;
                if (now.IsLast)
                {
                    await write("event: end\ndata: {}\n\n"u8.ToArray());
                    return;
                }
            }
        }
        finally
        {
            Idle = time.GetTimestamp();
            Interlocked.Decrement(ref watchers);
        }
    }

    /// <summary>Ends the watching: the page cannot be read any more.</summary>
    public void Fail(Exception failure) => current.Next.TrySetException(failure);

    /// <summary>Closes what the page reads; what it shows now can still be asked for.</summary>
    public async ValueTask DisposeAsync()
    {
        await turn.WaitAsync();
        page.Dispose();
        state?.Dispose();
        state = null;
        turn.Release();
    }

    private async Task<int> RefreshAsync(CancellationToken stop)
    {
        await turn.WaitAsync(stop);
        try
        {
            page.Refresh();
            if (Volatile.Read(ref watchers) == 0)
            {
                return 0;
            }

            var text = Encoding.UTF8.GetBytes(page.State());
            var isLast = page.HasEnded || (isDraining && !page.IsBehind);
            var now = JsonDocument.Parse(text);
            var change = state is null ? null : StatePatch.Between(state.RootElement, now.RootElement);
            if (state is not null && change is null && !isLast)
            {
                now.Dispose();
                return 0;
            }

            state?.Dispose();
            state = now;
            Publish(Event("all", text), change is null ? [] : Event("change", change), isLast);
            return change?.Length ?? text.Length;
        }
        finally
        {
            turn.Release();
        }
    }

    private void Publish(byte[] all, byte[] change, bool isLast)
    {
        var before = current;
        current = new Snapshot(before.Version + 1, all, change, isLast, new(TaskCreationOptions.RunContinuationsAsynchronously));
        before.Next.TrySetResult();
    }

    private static byte[] Event(string name, ReadOnlySpan<byte> json) => [.. Encoding.UTF8.GetBytes($"event: {name}\ndata: "), .. json, .. "\n\n"u8];

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private sealed record Snapshot(long Version, byte[] All, byte[] Change, bool IsLast, TaskCompletionSource Next);
}
