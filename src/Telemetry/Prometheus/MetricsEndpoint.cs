using System.Net;
using System.Net.Sockets;
using System.Text;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Orchestrator.Telemetry;

/// <summary>
/// Answers <c>GET</c> and <c>HEAD /metrics</c> on this machine's loopback address from a metric
/// reader of the SDK, which collects when it is asked.
/// </summary>
internal sealed class MetricsEndpoint : IDisposable
{
    private const int LongestRequest = 16_384;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AfterRefusal = TimeSpan.FromMilliseconds(100);

    private readonly TcpListener listener;
    private readonly ScrapeExporter exporter = new();
    private readonly CancellationTokenSource closing = new();

    /// <exception cref="SocketException">The port is taken.</exception>
    public MetricsEndpoint(int port)
    {
        listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        Reader = new BaseExportingMetricReader(exporter) { TemporalityPreference = MetricReaderTemporalityPreference.Cumulative };
    }

    public MetricReader Reader { get; }

    public string Address => $"http://{listener.LocalEndpoint}/metrics";

    /// <summary>Answers from here on: once the reader belongs to a provider.</summary>
    public void Open() => _ = AcceptAsync();

    public void Dispose()
    {
        closing.Cancel();
        listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        await Task.Yield();
        while (!closing.IsCancellationRequested)
        {
            try
            {
                _ = AnswerAsync(await listener.AcceptTcpClientAsync(closing.Token));
            }
            catch (SocketException) when (!closing.IsCancellationRequested)
            {
                // One that left before it was taken, or no more files for now.
                await Task.Delay(AfterRefusal);
            }
            catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        using (client)
        using (var patience = CancellationTokenSource.CreateLinkedTokenSource(closing.Token))
        {
            patience.CancelAfter(Patience);
            try
            {
                var stream = client.GetStream();
                var request = await RequestLineAsync(stream, patience.Token);
                await stream.WriteAsync(Response(request), patience.Token);
            }
            catch (Exception gone) when (gone is OperationCanceledException or IOException or SocketException)
            {
                // A client that left or was too slow gets no answer; there is nobody to tell.
                client.Client.Close(0);
            }
        }
    }

    private static async Task<string> RequestLineAsync(NetworkStream stream, CancellationToken stop)
    {
        var head = new byte[LongestRequest];
        var length = 0;
        while (length < head.Length && !head.AsSpan(0, length).EndsWith("\r\n\r\n"u8))
        {
            var read = await stream.ReadAsync(head.AsMemory(length), stop);
            if (read == 0)
            {
                break;
            }

            length += read;
        }

        var text = Encoding.ASCII.GetString(head, 0, length);
        return text.Split("\r\n", 2)[0];
    }

    private byte[] Response(string request)
    {
        var parts = request.Split(' ');
        var (status, type, body) = parts switch
        {
            ["GET" or "HEAD", var path, _] when path.Split('?')[0] is "/metrics" or "/" => ("200 OK", "text/plain; version=0.0.4; charset=utf-8", exporter.Scrape(Reader)),
            ["GET" or "HEAD", _, _] => ("404 Not Found", "text/plain; charset=utf-8", "Metrics are at /metrics.\n"),
            [_, _, _] => ("405 Method Not Allowed", "text/plain; charset=utf-8", "Only GET and HEAD are answered.\n"),
            _ => ("400 Bad Request", "text/plain; charset=utf-8", "This is no HTTP request.\n"),
        };
        var bytes = Encoding.UTF8.GetBytes(body);
        var head = Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Type: {type}\r\nContent-Length: {bytes.Length}\r\nConnection: close\r\n\r\n");
        return parts[0] == "HEAD" ? head : [.. head, .. bytes];
    }

    // One scrape at a time: the SDK's points may only be read while it collects.
    private sealed class ScrapeExporter : BaseExporter<Metric>
    {
        private readonly Lock gate = new();
        private PrometheusText text = new();

        public string Scrape(MetricReader reader)
        {
            lock (gate)
            {
                text = new PrometheusText();
                text.Resource(ParentProvider.GetResource());
                reader.Collect((int)Patience.TotalMilliseconds);
                return text.ToString();
            }
        }

        public override ExportResult Export(in Batch<Metric> batch)
        {
            foreach (var metric in batch)
            {
                text.Metric(metric);
            }

            return ExportResult.Success;
        }
    }
}
