namespace Orchestrator.Live;

/// <summary>
/// The pages that somebody looks at, each read once however many look. A page that nobody wants is
/// let go.
/// </summary>
/// <param name="open">Opens a page, or says why there is none.</param>
/// <param name="time">Measures.</param>
internal sealed class Feeds(Func<PageAddress, OpenedPage> open, TimeProvider time) : IAsyncDisposable
{
    private readonly Dictionary<PageAddress, (Feed Feed, Task Running)> all = [];
    private readonly CancellationTokenSource stop = new();

    /// <summary>Who watches a page, or wants it; null where there is none.</summary>
    /// <param name="address">Of the page.</param>
    /// <param name="why">Why there is none, where that is known.</param>
    public Feed? Of(PageAddress address, out string? why)
    {
        why = null;
        lock (all)
        {
            if (all.TryGetValue(address, out var there))
            {
                return there.Feed;
            }

            (var page, why) = stop.IsCancellationRequested ? default : open(address);
            if (page is null)
            {
                return null;
            }

            var feed = new Feed(page, time);
            all[address] = (feed, Task.Run(() => RunAsync(address, feed)));
            return feed;
        }
    }

    /// <summary>Tells all watchers the last that there is.</summary>
    public Task DrainAsync(TimeSpan longestRead, CancellationToken limit)
    {
        lock (all)
        {
            return Task.WhenAll(all.Values.Select(one => one.Feed.DrainAsync(longestRead, limit)));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        Task[] running;
        lock (all)
        {
            running = [.. all.Values.Select(one => one.Running)];
        }

        await Task.WhenAll(running);
        stop.Dispose();
    }

    private async Task RunAsync(PageAddress address, Feed feed)
    {
        try
        {
            await feed.RunAsync(stop.Token);
        }
        catch (OperationCanceledException)
        {
            // The server ends.
        }
        catch (Exception failure)
        {
            // Whatever it is: one page, which is read anew when somebody asks again.
            feed.Fail(failure);
        }
        finally
        {
            lock (all)
            {
                all.Remove(address);
            }

            // Whoever came meanwhile asks again.
            feed.Fail(new ObjectDisposedException(nameof(Feed)));
            await feed.DisposeAsync();
        }
    }
}
