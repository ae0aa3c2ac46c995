using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Orchestrator.Composition.Tests.Data;

/// <summary>
/// A real HTTP server on the loopback interface; what each path does is the test's.
/// </summary>
internal sealed class FileServer : IAsyncDisposable
{
    private readonly WebApplication application;

    private FileServer(WebApplication application) => this.application = application;

    /// <summary>The Range header of each request, in order; empty where there was none.</summary>
    public ConcurrentQueue<string> Ranges { get; } = [];

    public ConcurrentDictionary<string, RequestDelegate> Paths { get; } = [];

    public static async Task<FileServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var server = new FileServer(builder.Build());
        server.application.Run(context =>
        {
            server.Ranges.Enqueue(context.Request.Headers.Range.ToString());
            return server.Paths.GetValueOrDefault(context.Request.Path, Status(StatusCodes.Status404NotFound))(context);
        });
        await server.application.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    public string Address(string path) => application.Urls.Single() + path;

    public static RequestDelegate Status(int code) => context =>
    {
        context.Response.StatusCode = code;
        return Task.CompletedTask;
    };

    /// <summary>Serves content with ranges, as static file servers do.</summary>
    public static RequestDelegate Content(byte[] content) => context => Results.Bytes(content, enableRangeProcessing: true).ExecuteAsync(context);

    /// <summary>
    /// Serves the rest of the content, but drops the connection after some bytes of it.
    /// </summary>
    public static RequestDelegate Breaking(byte[] content, int after) => async context =>
    {
        var start = context.Request.GetTypedHeaders().Range is { } range ? (int)range.Ranges.Single().From! : 0;
        context.Response.StatusCode = start > 0 ? StatusCodes.Status206PartialContent : StatusCodes.Status200OK;
        context.Response.ContentLength = content.Length - start;
        context.Response.Headers.ContentRange = $"bytes {start}-{content.Length - 1}/{content.Length}";
        await context.Response.Body.WriteAsync(content.AsMemory(start, Math.Min(after, content.Length - start)));
        await context.Response.Body.FlushAsync();
        if (start + after < content.Length)
        {
            context.Abort();
        }
    };

    public ValueTask DisposeAsync() => application.DisposeAsync();
}
