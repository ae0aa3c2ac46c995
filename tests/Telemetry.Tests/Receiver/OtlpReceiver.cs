using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Orchestrator.Telemetry.Tests;

/// <summary>
/// A real OTLP receiver on loopback: protobuf over HTTP/1.1, and gRPC over HTTP/2 without TLS. It
/// keeps what it is sent, decoded.
/// </summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication server;

    private OtlpReceiver(WebApplication server) => this.server = server;

    public ConcurrentQueue<Span> Spans { get; } = new();

    public ConcurrentQueue<Series> Metrics { get; } = new();

    public ConcurrentQueue<Entry> Logs { get; } = new();

    public ConcurrentQueue<string> Paths { get; } = new();

    /// <summary>What a request is answered with, instead of being taken.</summary>
    public Func<HttpContext, Task>? Instead { get; set; }

    public string Address => server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    /// <param name="grpc">Whether it speaks gRPC.</param>
    /// <param name="security">Whose certificate it shows, and whose it wants to see; none of both
    /// by default.</param>
    public static async Task<OtlpReceiver> StartAsync(bool grpc, LabCertificates? security = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = grpc ? HttpProtocols.Http2 : HttpProtocols.Http1;
            if (security is not null)
            {
                listen.UseHttps(security.Server, https =>
                {
                    https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
                    https.ClientCertificateValidation = (certificate, _, _) => security.IsClient(certificate);
                });
            }
        }));
        var server = builder.Build();
        var receiver = new OtlpReceiver(server);
        server.Run(receiver.AnswerAsync);
        await server.StartAsync(TestContext.Current.CancellationToken);
        return receiver;
    }

    /// <summary>The latest state of a metric.</summary>
    public Series Last(string name) => Metrics.Last(m => m.Name == name);

    public async ValueTask DisposeAsync()
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await server.StopAsync(soon.Token);
        await server.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        if (Instead is { } instead)
        {
            await instead(context);
            return;
        }

        Paths.Enqueue(context.Request.Path);
        var grpc = context.Request.ContentType?.StartsWith("application/grpc", StringComparison.Ordinal) == true;
        Take(context.Request.Path.Value!, await BodyAsync(context.Request, grpc));
        if (grpc)
        {
            // An empty response message behind its five bytes of frame, then the status.
            context.Response.ContentType = "application/grpc";
            await context.Response.Body.WriteAsync(new byte[5]);
            context.Response.AppendTrailer("grpc-status", "0");
            return;
        }

        context.Response.ContentType = "application/x-protobuf";
    }

    private static async Task<byte[]> BodyAsync(HttpRequest request, bool grpc)
    {
        using var body = new MemoryStream();
        if (request.Headers.ContentEncoding == "gzip")
        {
            await using var plain = new GZipStream(request.Body, CompressionMode.Decompress);
            await plain.CopyToAsync(body);
        }
        else
        {
            await request.Body.CopyToAsync(body);
        }

        var bytes = body.ToArray();
        if (!grpc)
        {
            return bytes;
        }

        Assert.Equal(0, bytes[0]);
        return bytes.AsSpan(5, (int)BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(1))).ToArray();
    }

    private void Take(string path, byte[] body)
    {
        switch (path)
        {
            case "/v1/traces" or "/opentelemetry.proto.collector.trace.v1.TraceService/Export":
                Decoding.Spans(body).ToList().ForEach(Spans.Enqueue);
                break;
            case "/v1/metrics" or "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export":
                Decoding.Metrics(body).ToList().ForEach(Metrics.Enqueue);
                break;
            case "/v1/logs" or "/opentelemetry.proto.collector.logs.v1.LogsService/Export":
                Decoding.Logs(body).ToList().ForEach(Logs.Enqueue);
                break;
            default:
                throw new InvalidOperationException($"nobody exports to {path}");
        }
    }
}
