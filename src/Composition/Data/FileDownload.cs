using System.Net;
using System.Net.Http.Headers;
using Orchestrator.Abstractions;

namespace Orchestrator.Composition.Data;

/// <summary>One file from the first of its addresses that gives it.</summary>
internal sealed class FileDownload(HttpClient client, OfficialPlace place, TimeSpan patience, IProgress<DownloadProgress>? progress)
{
    // A connection that breaks is taken up again as long as each one brings something, up to here.
    private const int MostConnections = 50;

    private readonly long length = place.File.Length;

    public async Task RunAsync(CancellationToken cancellation)
    {
        var faults = new List<string>();
        foreach (var address in place.File.Addresses)
        {
            try
            {
                await RunAsync(address, cancellation);
                return;
            }
            catch (DownloadException fault)
            {
                faults.Add($"  {address}: {fault.Message}");
            }
        }

        throw new DownloadException($"{place.File.Name} could not be downloaded:\n{string.Join('\n', faults)}");
    }

    private async Task RunAsync(string address, CancellationToken cancellation)
    {
        var resumed = await ReceiveAllAsync(address, cancellation);
        if (await TakeAsync(cancellation))
        {
            return;
        }

        // What an earlier attempt or another address left may have been the wrong part.
        if (resumed)
        {
            await ReceiveAllAsync(address, cancellation);
            if (await TakeAsync(cancellation))
            {
                return;
            }
        }

        throw new DownloadException($"its content is not the official one: SHA-256 {place.File.Sha256} is expected");
    }

    // Checks the part; gives it the file's name, in one step, or removes it.
    private async Task<bool> TakeAsync(CancellationToken cancellation)
    {
        var official = await place.IsOfficialAsync(place.PartPath, cancellation);
        if (official)
        {
            File.Move(place.PartPath, place.Path, overwrite: true);
        }
        else
        {
            File.Delete(place.PartPath);
        }

        return official;
    }

    // Returns whether some of it was there before.
    private async Task<bool> ReceiveAllAsync(string address, CancellationToken cancellation)
    {
        RegularFile.ThrowIfOther(place.PartPath);
        await using var part = new FileStream(
            place.PartPath, new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0 });
        if (part.Length > length)
        {
            part.SetLength(0);
        }

        var resumed = part.Length > 0;
        for (var connection = 1; part.Length < length; connection++)
        {
            var before = part.Length;
            try
            {
                await ReceiveAsync(address, part, cancellation);
            }
            catch (BrokenConnectionException broken) when (part.Length <= before || connection == MostConnections)
            {
                throw new DownloadException(broken.Message);
            }
            catch (BrokenConnectionException)
            {
                resumed = true;
            }
        }

        part.Flush(flushToDisk: true);
        return resumed;
    }

    private async Task ReceiveAsync(string address, FileStream part, CancellationToken cancellation)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        silence.CancelAfter(patience);
        using var response = await SendAsync(address, part, silence, cancellation);
        if (response.Content.Headers.ContentLength is { } rest && part.Length + rest != length)
        {
            throw new DownloadException($"it offers {part.Length + rest:#,0} bytes; the official file has {length:#,0}");
        }

        await using var body = await response.Content.ReadAsStreamAsync(cancellation);
        part.Position = part.Length;
        var buffer = new byte[1 << 16];
        int read;
        while ((read = await GuardedAsync(() => body.ReadAsync(buffer, silence.Token).AsTask(), cancellation)) > 0)
        {
            if (part.Length + read > length)
            {
                part.SetLength(0);
                throw new DownloadException($"it sends more than the {length:#,0} bytes of the official file");
            }

            await part.WriteAsync(buffer.AsMemory(0, read), cancellation);
            progress?.Report(new DownloadProgress(place.File.Name, part.Length, length));
            silence.CancelAfter(patience);
        }

        if (part.Length < length)
        {
            throw new BrokenConnectionException($"it ended after {part.Length:#,0} of {length:#,0} bytes");
        }
    }

    // Asks for the rest; empties the part where the server will not continue it.
    private async Task<HttpResponseMessage> SendAsync(string address, FileStream part, CancellationTokenSource silence, CancellationToken cancellation)
    {
        while (true)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
            request.Headers.Range = part.Length > 0 ? new RangeHeaderValue(part.Length, null) : null;
            var response = await GuardedAsync(() => client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, silence.Token), cancellation);
            if (response.StatusCode == HttpStatusCode.OK)
            {
                part.SetLength(0);
                return response;
            }

            if (part.Length > 0 && response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange?.From == part.Length)
            {
                return response;
            }

            using (response)
            {
                if (part.Length == 0 || response.StatusCode is not (HttpStatusCode.PartialContent or HttpStatusCode.RequestedRangeNotSatisfiable))
                {
                    throw new DownloadException($"the server answers {(int)response.StatusCode} {response.ReasonPhrase}");
                }
            }

            part.SetLength(0);
        }
    }

    private async Task<T> GuardedAsync<T>(Func<Task<T>> step, CancellationToken cancellation)
    {
        try
        {
            return await step();
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new BrokenConnectionException($"the server has sent nothing for {patience.TotalSeconds:0.#} s");
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // Beyond what connections do: an answer may send us to an address that is none, or
            // have headers that nobody understands.
            throw new BrokenConnectionException(failure.Message);
        }
    }

    private sealed class BrokenConnectionException(string message) : Exception(message);
}
