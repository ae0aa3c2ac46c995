using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orchestrator.Abstractions;
using Orchestrator.Reports;
using Orchestrator.Sweeps;
using Orchestrator.Transports;

namespace Orchestrator.Live;

/// <summary>
/// Serves the pages of a folder of runs: on this machine as they are, elsewhere only under TLS and
/// to who has the token.
/// </summary>
public sealed class LiveServer : IAsyncDisposable
{
    // A browser has six for one server; a person has a few browsers.
    private const int MostConnections = 512;

    private static readonly TimeSpan SlowestWrite = TimeSpan.FromSeconds(30);

    private readonly WebApplication application;
    private readonly Feeds feeds;
    private readonly Guard guard;
    private readonly Token? token;
    private readonly FileStream? claim;

    private LiveServer(WebApplication application, Feeds feeds, Guard guard, Token? token, string? tokenFile, FileStream? claim)
    {
        (this.application, this.feeds, this.guard, this.token, this.claim) = (application, feeds, guard, token, claim);
        TokenFile = tokenFile;
    }

    /// <summary>What a browser opens; with a secret behind it where one is needed.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1");

    /// <summary>Where the token lies that a browser needs; null where it needs none.</summary>
    public string? TokenFile { get; }

    /// <summary>Starts to serve.</summary>
    /// <param name="settings">What, and where.</param>
    /// <param name="time">Measures.</param>
    /// <exception cref="TransportException">The address cannot be had, the certificate cannot be
    /// read or the token cannot be written.</exception>
    public static async Task<LiveServer> StartAsync(LiveSettings settings, TimeProvider time)
    {
        var ip = Resolve(settings.Address);
        var isLoopback = IPAddress.IsLoopback(ip);
        var isOpen = isLoopback && settings.TokenFile is null && settings.CertificateFile is null;
        using var probe = new Socket(ip.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        var endPoint = Reserve(probe, new IPEndPoint(ip, settings.Port), settings);
        var certificate = isOpen ? null : settings.CertificateFile is { } file ? Certificates.Load(file) : Certificates.Make();
        var token = certificate is null ? null : Token.Create(Certificates.Fingerprint(certificate));
        var claim = token is null || settings.TokenFile is not null ? null : TokenFiles.Claim(endPoint.Port);
        var tokenFile = token is null ? null : Path.GetFullPath(settings.TokenFile ?? TokenFiles.Of(endPoint.Port));
        try
        {
            token?.Write(tokenFile!);
            probe.Close();
            var guard = new Guard(settings.Address, isLoopback, token is null ? null : Convert.ToHexStringLower(token.Secret));
            var server = new LiveServer(Build(endPoint, certificate), new Feeds(address => Open(settings, address, time), time), guard, token, tokenFile, claim);
            await server.StartAsync(settings);
            return server;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            claim?.Dispose();
            throw new TransportException($"{settings.Address}:{endPoint.Port}: {failure.Message}", failure);
        }
    }

    /// <summary>
    /// Tells everybody who watches the last that there is: whoever writes the folder has ended.
    /// </summary>
    /// <param name="longest">All that it may take: to read what was recorded, and to send it.</param>
    /// <param name="longestRead">For those who watch to take it, once it is read.</param>
    public async Task DrainAsync(TimeSpan longest, TimeSpan longestRead)
    {
        using var limit = new CancellationTokenSource(longest);
        await feeds.DrainAsync(longestRead, limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Ends all connections.</summary>
    public async ValueTask DisposeAsync()
    {
        await feeds.DisposeAsync();
        using (var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2)))
        {
            await application.StopAsync(limit.Token);
        }

        await application.DisposeAsync();
        if (claim is not null)
        {
            TokenFiles.Remove(claim, TokenFile!);
        }
        else if (TokenFile is not null && token?.IsIn(TokenFile) == true)
        {
            // Another server may have been given the same file since.
            TokenFiles.Delete(TokenFile);
        }
    }

    private static IPAddress Resolve(string address)
    {
        try
        {
            return IPAddress.TryParse(address.Trim('[', ']'), out var ip) ? ip
                : address == "localhost" ? IPAddress.Loopback
                : Dns.GetHostAddresses(address).FirstOrDefault() ?? throw new TransportException($"'{address}': the name has no address.");
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            throw new TransportException($"'{address}': the name is not known ({e.Message}); allowed: a name or an address of this machine.", e);
        }
    }

    // The port is known before the token is written under its number.
    private static IPEndPoint Reserve(Socket probe, IPEndPoint wanted, LiveSettings settings)
    {
        try
        {
            probe.Bind(wanted);
            return (IPEndPoint)probe.LocalEndPoint!;
        }
        catch (SocketException e)
        {
            throw new TransportException($"{settings.Address}:{settings.Port.ToString(CultureInfo.InvariantCulture)}: cannot be had ({e.Message}); allowed: an address of this machine and a port that nobody has, or --port 0 for a free one.", e);
        }
    }

    private static WebApplication Build(IPEndPoint endPoint, X509Certificate2? certificate)
    {
        // Empty: no environment variable, no file and no signal of a web server's changes anything.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "orchestrator" });
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = MostConnections;
            kestrel.Limits.MaxRequestBodySize = 0;
            kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
            kestrel.Listen(endPoint, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                if (certificate is not null)
                {
                    listen.UseHttps(new HttpsConnectionAdapterOptions
                    {
                        ServerCertificate = certificate,
                        SslProtocols = System.Security.Authentication.SslProtocols.Tls12 | System.Security.Authentication.SslProtocols.Tls13,
                    });
                }
            });
        });
        return builder.Build();
    }

    private static OpenedPage Open(LiveSettings settings, PageAddress address, TimeProvider time)
    {
        var folder = Path.Combine(settings.Output, address.Name, address.Id);
        return address.Kind switch
        {
            PageKind.AllRuns => new(new LiveRuns(settings.Output, time)),
            PageKind.Run => new(Directory.Exists(folder) ? LiveRun.Open(folder, time) : null),
            _ => File.Exists(Path.Combine(folder, SweepFolder.DocumentName)) ? settings.OpenSweep(new SweepFolder(settings.Output, folder)) : default,
        };
    }

    private async Task StartAsync(LiveSettings settings)
    {
        application.Run(AnswerAsync);
        await application.StartAsync();
        var bound = new Uri(application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

        // An address that means all of them is none that a browser can open.
        var isAny = IPAddress.TryParse(bound.Host.Trim('[', ']'), out var ip) && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any));
        Address = new UriBuilder(bound) { Host = isAny ? Environment.MachineName : settings.Address }.Uri;
    }

    private async Task AnswerAsync(HttpContext context)
    {
        Harden(context.Response.Headers);
        if (guard.Refuses(context))
        {
            return;
        }

        var address = PageAddress.Parse(context.Request.Path.Value ?? "", out var isEvents);
        string? why = null;
        if (address is null || feeds.Of(address, out why) is not { } feed)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            context.Response.ContentType = "text/plain; charset=utf-8";
            await context.Response.WriteAsync(why ?? "There is no such page. A run and a sweep have one as soon as they have begun.");
            return;
        }

        await (isEvents ? SendEventsAsync(context, feed) : SendPageAsync(context, feed));
    }

    private static async Task SendPageAsync(HttpContext context, Feed feed)
    {
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.ContentSecurityPolicy = feed.Policy + "; frame-ancestors 'none'";
        var page = await feed.PageAsync(context.RequestAborted);
        context.Response.ContentLength = page.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(page, context.RequestAborted);
        }
    }

    private static async Task SendEventsAsync(HttpContext context, Feed feed)
    {
        context.Response.ContentType = "text/event-stream";
        if (HttpMethods.IsHead(context.Request.Method))
        {
            return;
        }

        try
        {
            await feed.WatchAsync(WriteAsync, context.RequestAborted);
        }
        catch (Exception)
        {
            // Gone, or as good as: nothing was read for so long. Or the page cannot be read, and is
            // asked for again.
            context.Abort();
        }

        async Task WriteAsync(ReadOnlyMemory<byte> bytes)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
            limit.CancelAfter(SlowestWrite);
            await context.Response.Body.WriteAsync(bytes, limit.Token);
            await context.Response.Body.FlushAsync(limit.Token);
        }
    }

    private static void Harden(IHeaderDictionary headers)
    {
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
    }

    // Signals have one owner, and it is not the web server.
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
