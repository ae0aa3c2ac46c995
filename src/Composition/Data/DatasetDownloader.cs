using Orchestrator.Abstractions;

namespace Orchestrator.Composition.Data;

/// <summary>
/// Puts a dataset's official files into the folder of its name. What is there already is checked
/// and kept, also what was placed by hand; a download that breaks off goes on where it stopped, in
/// this call or in a later one; a file gets its name only when its SHA-256 is right.
/// </summary>
/// <param name="client">Its handler decides on proxies and redirections; its own timeout should be
/// infinite, <see cref="Patience"/> is ours.</param>
public sealed class DatasetDownloader(HttpClient client)
{
    /// <summary>How long a server may send nothing.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A client that gives up a connection attempt after 15 s.</summary>
    public static HttpClient NewClient() =>
        new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(15) }) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Whether all files are there with the right lengths; reads no content.</summary>
    public static bool IsComplete(string dataset, OfficialFiles official, string root) =>
        official.Files.All(file => new OfficialPlace(file, Path.Combine(root, dataset)).IsComplete);

    /// <summary>Gets what is not there yet.</summary>
    /// <param name="dataset">The dataset's plugin name, which is also its folder's.</param>
    /// <param name="official">What to get.</param>
    /// <param name="root">The data folder; made when absent.</param>
    /// <param name="progress">Told about every piece received, on no particular thread.</param>
    /// <param name="cancellation">Stops at once; what has arrived stays for the next call.</param>
    /// <returns>The folder with the files.</returns>
    /// <exception cref="DataException">No address gave the file (the message says why for each, and
    /// how to place files by hand), a file of that name with other content is in the way, or the
    /// folder cannot be written.</exception>
    public async Task<string> GetAsync(
        string dataset, OfficialFiles official, string root, IProgress<DownloadProgress>? progress = null, CancellationToken cancellation = default)
    {
        var folder = Path.Combine(root, dataset);
        OfficialPlace[] places = [.. official.Files.Select(file => new OfficialPlace(file, folder))];
        try
        {
            Directory.CreateDirectory(folder);
            foreach (var place in places)
            {
                await GetAsync(place, progress, cancellation);
                progress?.Report(new DownloadProgress(place.File.Name, place.File.Length, place.File.Length));
            }
        }
        catch (DownloadException failure)
        {
            throw new DataException($"{dataset}: {failure.Message}\n{ByHand(dataset, places, folder)}", failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new DataException($"{dataset}: {folder} cannot be filled: {failure.Message}", failure);
        }

        return folder;
    }

    private async Task GetAsync(OfficialPlace place, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        place.RefuseOthers();
        if (place.IsUnpacked)
        {
            return;
        }

        var wasThere = await place.CheckAsync(cancellation);
        if (!wasThere)
        {
            await new FileDownload(client, place, Patience, progress).RunAsync(cancellation);
        }

        if (place.File.Members.Count > 0)
        {
            await ArchiveExtraction.RunAsync(place, cancellation);
            if (!wasThere)
            {
                File.Delete(place.Path);
            }
        }
    }

    private static string ByHand(string dataset, OfficialPlace[] places, string folder)
    {
        var missing = places.Where(place => !place.IsComplete).Select(place =>
            $"  {place.File.Name} ({place.File.Length:#,0} bytes, SHA-256 {place.File.Sha256}) from {string.Join(" or ", place.File.Addresses)}");
        return $"To place them by hand, get these files on a machine with a network and put them into {folder}; "
            + $"`data get {dataset}` then checks them:\n{string.Join('\n', missing)}";
    }
}
