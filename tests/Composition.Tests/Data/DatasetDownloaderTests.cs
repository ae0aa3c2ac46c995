using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Orchestrator.Abstractions;
using Orchestrator.Composition.Data;

namespace Orchestrator.Composition.Tests.Data;

public sealed class DatasetDownloaderTests : IAsyncLifetime
{
    private static readonly byte[] Bytes = RandomNumberGenerator.GetBytes(300_000);

    private readonly string root = Directory.CreateTempSubdirectory("orchestrator-download-").FullName;
    private readonly HttpClient client = DatasetDownloader.NewClient();
    private FileServer server = null!;

    private string Target => Path.Combine(root, "toys", "toys.bin");

    private string Part => Target + ".part";

    public async ValueTask InitializeAsync() => server = await FileServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await server.DisposeAsync();
        Directory.Delete(root, recursive: true);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_file_arrives_checked_and_under_its_name()
    {
        server.Paths["/toys.bin"] = FileServer.Content(Bytes);
        Assert.False(DatasetDownloader.IsComplete("toys", Toys("/toys.bin"), root));
        var seen = new Seen();
        Assert.Equal(Path.Combine(root, "toys"), await GetAsync(Toys("/toys.bin"), seen));
        Assert.Equal(Bytes, File.ReadAllBytes(Target));
        Assert.Equal([Target], Directory.GetFiles(Path.GetDirectoryName(Target)!));
        Assert.Equal(new DownloadProgress("toys.bin", Bytes.Length, Bytes.Length), seen[^1]);
        Assert.Equal(seen.Order(Comparer<DownloadProgress>.Create((a, b) => a.Received.CompareTo(b.Received))), seen);
        Assert.True(DatasetDownloader.IsComplete("toys", Toys("/toys.bin"), root));
    }

    [Fact(Timeout = 30_000)]
    public async Task What_an_earlier_attempt_left_is_continued()
    {
        server.Paths["/toys.bin"] = FileServer.Content(Bytes);
        WritePart(Bytes[..100_000]);
        await GetAsync(Toys("/toys.bin"));
        Assert.Equal(Bytes, File.ReadAllBytes(Target));
        Assert.Equal(["bytes=100000-"], server.Ranges);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_complete_part_needs_no_request()
    {
        WritePart(Bytes);
        await GetAsync(Toys("/toys.bin"));
        Assert.Equal(Bytes, File.ReadAllBytes(Target));
        Assert.Empty(server.Ranges);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_connection_that_breaks_is_taken_up_where_it_broke()
    {
        server.Paths["/toys.bin"] = FileServer.Breaking(Bytes, after: 120_000);
        await GetAsync(Toys("/toys.bin"));
        Assert.Equal(Bytes, File.ReadAllBytes(Target));
        Assert.Equal("", server.Ranges.First());
        Assert.InRange(server.Ranges.Count, 3, 50);
        Assert.All(server.Ranges.Skip(1), range => Assert.StartsWith("bytes=", range));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_server_without_ranges_starts_over()
    {
        server.Paths["/toys.bin"] = context => Results.Bytes(Bytes).ExecuteAsync(context);
        WritePart(Bytes[..100_000]);
        await GetAsync(Toys("/toys.bin"));
        Assert.Equal(Bytes, File.ReadAllBytes(Target));
    }

    [Theory(Timeout = 30_000)]
    [InlineData(StatusCodes.Status416RangeNotSatisfiable, "bytes */300000")]
    [InlineData(StatusCodes.Status206PartialContent, "bytes 5-299999/300000")]
    public async Task A_server_that_will_not_continue_is_asked_from_the_start(int status, string range)
    {
        server.Paths["/toys.bin"] = context =>
        {
            if (context.Request.Headers.Range.Count == 0)
            {
                return FileServer.Content(Bytes)(context);
            }

            (context.Response.StatusCode, context.Response.Headers.ContentRange) = (status, range);
            return Task.CompletedTask;
        };
        WritePart(Bytes[..100_000]);
        await GetAsync(Toys("/toys.bin"));
        Assert.Equal(Bytes, File.ReadAllBytes(Target));
        Assert.Equal(["bytes=100000-", ""], server.Ranges);
    }

    [Theory(Timeout = 30_000)]
    [InlineData(100_000)]
    [InlineData(300_000)]
    [InlineData(300_001)]
    public async Task A_wrong_part_is_found_out_and_fetched_again(int length)
    {
        server.Paths["/toys.bin"] = FileServer.Content(Bytes);
        WritePart(new byte[length]);
        await GetAsync(Toys("/toys.bin"));
        Assert.Equal(Bytes, File.ReadAllBytes(Target));
    }

    [Fact(Timeout = 30_000)]
    public async Task Wrong_content_is_refused_and_leaves_nothing()
    {
        server.Paths["/toys.bin"] = FileServer.Content([.. Bytes[1..], 0]);
        Assert.Contains("its content is not the official one", await FailAsync(Toys("/toys.bin")));
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(Target)!));
    }

    [Fact(Timeout = 30_000)]
    public async Task The_next_address_is_asked_when_one_fails()
    {
        server.Paths["/broken"] = FileServer.Content([.. Bytes[1..], 0]);
        server.Paths["/busy"] = FileServer.Status(StatusCodes.Status503ServiceUnavailable);
        server.Paths["/good"] = FileServer.Content(Bytes);
        await GetAsync(Toys("/absent", "/broken", "/busy", "/good"));
        Assert.Equal(Bytes, File.ReadAllBytes(Target));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("HTTP/1.1 302 Found\r\nLocation: http://[bad\r\n\r\n")]
    [InlineData("HTTP/1.1 302 Found\r\nLocation: http://\r\n\r\n")]
    [InlineData("HTTP/1.1 302 Found\r\nLocation: //\r\n\r\n")]
    [InlineData("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:99999/\r\n\r\n")]
    [InlineData("HTTP/1.1 302 Found\r\nLocation: gopher://x/y\r\n\r\n")]
    [InlineData("HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\n\r\n")]
    [InlineData("HTTP/1.1 302 Found\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nx")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nx")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")]
    [InlineData("HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 9-1/x\r\n\r\n")]
    [InlineData("HTTP/1.1 999 \u001b[31m\r\n\r\n")]
    [InlineData("HTTP/9.9 200 OK\r\n\r\n")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n")]
    [InlineData("\0\0\0")]
    [InlineData("")]
    public async Task Whatever_a_server_answers_is_told_and_the_next_address_is_asked(string answer)
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var answering = AnswerAsync(other, answer);
        server.Paths["/good"] = FileServer.Content(Bytes);
        var bad = $"http://{other.LocalEndpoint}/toys.bin";

        var failed = await FailAsync(Addressed(bad, server.Address("/absent")));
        Assert.Contains($"  {bad}: ", failed);
        Assert.Contains("/absent: the server answers 404", failed);
        await GetAsync(Addressed(bad, server.Address("/good")));
        Assert.Equal(Bytes, File.ReadAllBytes(Target));
        other.Stop();
        await answering;
    }

    [Fact(Timeout = 30_000)]
    public async Task A_link_or_a_pipe_where_the_file_grows_is_told()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "skipped: named pipes are not files on Windows");
        server.Paths["/toys.bin"] = FileServer.Content(Bytes);
        var precious = Path.Combine(root, "precious");
        File.WriteAllText(precious, "mine");
        Directory.CreateDirectory(Path.GetDirectoryName(Part)!);
        File.CreateSymbolicLink(Part, precious);
        Assert.Contains("is a link", await FailAsync(Toys("/toys.bin")));
        Assert.Equal("mine", File.ReadAllText(precious));
        File.Delete(Part);
        using var made = System.Diagnostics.Process.Start("mkfifo", Part);
        await made.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Contains("is a pipe", await FailAsync(Toys("/toys.bin")));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_page_in_place_of_the_file_is_refused_by_its_length()
    {
        server.Paths["/toys.bin"] = FileServer.Content("<html>Please log in</html>"u8.ToArray());
        Assert.Contains("it offers 26 bytes; the official file has 300,000", await FailAsync(Toys("/toys.bin")));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_stream_without_an_end_is_cut_off()
    {
        server.Paths["/toys.bin"] = async context =>
        {
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(Bytes.AsMemory(0, 65_536), context.RequestAborted);
            }
        };
        Assert.Contains("it sends more than the 300,000 bytes", await FailAsync(Toys("/toys.bin")));
        Assert.InRange(new FileInfo(Part) is { Exists: true } part ? part.Length : 0, 0, Bytes.Length);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_silent_server_is_given_up_and_its_bytes_are_kept()
    {
        server.Paths["/toys.bin"] = async context =>
        {
            context.Response.ContentLength = Bytes.Length;
            if (context.Request.Headers.Range.Count == 0)
            {
                await context.Response.Body.WriteAsync(Bytes.AsMemory(0, 1000));
                await context.Response.Body.FlushAsync();
            }

            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        };
        Assert.Contains("the server has sent nothing for 0.5 s", await FailAsync(Toys("/toys.bin"), TimeSpan.FromSeconds(0.5)));
        Assert.Equal(Bytes[..1000], File.ReadAllBytes(Part));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_cancelled_download_can_be_continued()
    {
        using var cancellation = new CancellationTokenSource();
        server.Paths["/toys.bin"] = async context =>
        {
            context.Response.ContentLength = Bytes.Length;
            await context.Response.Body.WriteAsync(Bytes.AsMemory(0, 50_000));
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        };
        var whenHalf = new Seen { Then = progress => progress.Received == 50_000 ? cancellation.CancelAsync() : Task.CompletedTask };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => new DatasetDownloader(client).GetAsync("toys", Toys("/toys.bin"), root, whenHalf, cancellation.Token));
        Assert.Equal(Bytes[..50_000], File.ReadAllBytes(Part));
        server.Paths["/toys.bin"] = FileServer.Content(Bytes);
        await GetAsync(Toys("/toys.bin"));
        Assert.Equal(Bytes, File.ReadAllBytes(Target));
        Assert.Equal("bytes=50000-", server.Ranges.Last());
    }

    [Fact(Timeout = 30_000)]
    public async Task Without_a_network_the_message_says_how_to_place_the_files_by_hand()
    {
        var address = $"http://127.0.0.1:{ClosedPort()}/toys.bin";
        var toys = new OfficialFiles("ours", [new OfficialFile("toys.bin", [address], Bytes.Length, Sha256(Bytes), [])]);
        var message = await FailAsync(toys);
        string[] parts =
            [
                "toys: toys.bin could not be downloaded", "Connection refused", Path.Combine(root, "toys"), "`data get toys`", "300,000 bytes", Sha256(Bytes),
                address];
        Assert.All(parts, part => Assert.Contains(part, message));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_file_placed_by_hand_is_checked_and_kept()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Target)!);
        File.WriteAllBytes(Target, Bytes);
        await GetAsync(Toys("/toys.bin"));
        Assert.Empty(server.Ranges);
        File.WriteAllBytes(Target, [.. Bytes[1..], 0]);
        Assert.StartsWith($"{Target}: its SHA-256 is not that of the official file", await FailAsync(Toys("/toys.bin")));
        File.WriteAllBytes(Target, [1, 2, 3]);
        Assert.StartsWith($"{Target}: it is not the official file of 300,000 bytes", await FailAsync(Toys("/toys.bin")));
        Assert.Equal([1, 2, 3], File.ReadAllBytes(Target));
    }

    [Theory(Timeout = 30_000)]
    [InlineData("../toys.bin", "http://127.0.0.1/", "is not the name of a file")]
    [InlineData("..", "http://127.0.0.1/", "is not the name of a file")]
    [InlineData("toys.bin", "file:///etc/passwd", "is not an HTTP or HTTPS address")]
    [InlineData("toys.bin", "toys.bin", "is not an HTTP or HTTPS address")]
    public async Task Names_and_addresses_that_lead_elsewhere_are_refused(string name, string address, string expected) =>
        Assert.Contains(expected, await FailAsync(new OfficialFiles("ours", [new OfficialFile(name, [address], 1, "00", [])])));

    [Fact(Timeout = 30_000)]
    public async Task A_folder_that_cannot_be_made_is_named()
    {
        File.WriteAllText(Path.Combine(root, "toys"), "in the way");
        Assert.Contains($"{Path.Combine(root, "toys")} cannot be filled", await FailAsync(Toys("/toys.bin")));
    }

    private static string Sha256(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    private static int ClosedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private OfficialFiles Toys(params string[] paths) =>
        new("ours", [new OfficialFile("toys.bin", [.. paths.Select(server.Address)], Bytes.Length, Sha256(Bytes), [])]);

    private static OfficialFiles Addressed(params string[] addresses) =>
        new("ours", [new OfficialFile("toys.bin", addresses, Bytes.Length, Sha256(Bytes), [])]);

    // The same bytes to whoever asks.
    private static async Task AnswerAsync(TcpListener listener, string answer)
    {
        try
        {
            while (true)
            {
                using var visitor = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
                var stream = visitor.GetStream();
                _ = await stream.ReadAsync(new byte[4096], TestContext.Current.CancellationToken);
                await stream.WriteAsync(System.Text.Encoding.Latin1.GetBytes(answer), TestContext.Current.CancellationToken);
            }
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The listener was stopped.
        }
    }

    private void WritePart(byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Part)!);
        File.WriteAllBytes(Part, content);
    }

    private Task<string> GetAsync(OfficialFiles files, IProgress<DownloadProgress>? progress = null) =>
        new DatasetDownloader(client).GetAsync("toys", files, root, progress, TestContext.Current.CancellationToken);

    private async Task<string> FailAsync(OfficialFiles files, TimeSpan? patience = null)
    {
        var downloader = new DatasetDownloader(client) { Patience = patience ?? TimeSpan.FromSeconds(20) };
        return (await Assert.ThrowsAsync<DataException>(() => downloader.GetAsync("toys", files, root, null, TestContext.Current.CancellationToken))).Message;
    }

    private sealed class Seen : List<DownloadProgress>, IProgress<DownloadProgress>
    {
        public Func<DownloadProgress, Task> Then { get; init; } = _ => Task.CompletedTask;

        public void Report(DownloadProgress value)
        {
            Add(value);
            Then(value).GetAwaiter().GetResult();
        }
    }
}
