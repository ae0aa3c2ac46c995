using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Orchestrator.Reports.Tests;

/// <summary>
/// A run in MLflow, by a server of ours that answers as the documentation of its REST API 2.0 says
/// and keeps what it was sent. No real one was tried.
/// </summary>
public sealed class MlflowTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_gets_the_pipeline_every_push_and_every_evaluation_within_its_limits()
    {
        using var run = new MadeRun("tracked", 3, 700);
        await using var server = await TrackingServer.StartAsync();

        var made = await MlflowExport.WriteAsync(run.Entry, Server(server, ("MLFLOW_TRACKING_TOKEN", "t0ken")), TimeSpan.Zero, Stop);

        Assert.Equal(("7", "run-1"), (made.Experiment, made.Run));
        Assert.All(server.Calls, call => Assert.Equal("Bearer t0ken", call.Authorization));
        Assert.Equal("tracked", server.Of("experiments/create").Single().GetProperty("name").GetString());
        var create = server.Of("runs/create").Single();
        Assert.Equal(run.Entry.Started.ToUnixTimeMilliseconds(), create.GetProperty("start_time").GetInt64());
        Assert.Equal("completed", Pairs(create, "tags")["orchestrator.status"]);

        var batches = server.Of("runs/log-batch").ToList();
        var parameters = batches.SelectMany(batch => Pairs(batch, "params")).ToDictionary();
        Assert.Equal(("lenet5", "1"), (parameters["model.type"], parameters["seed"]));
        var metrics = batches.SelectMany(batch => List(batch, "metrics")).ToLookup(one => one.GetProperty("key").GetString()!);
        var losses = metrics["train/loss"].Select(one => (one.GetProperty("step").GetInt64(), one.GetProperty("value").GetDouble()));
        Assert.Equal(run.Pushes.Select(push => (push.Version, push.Loss)), losses);
        Assert.Equal(run.Pushes.Select(push => (double)push.Staleness), metrics["train/staleness"].Select(one => one.GetProperty("value").GetDouble()));
        Assert.Equal(10, metrics["test/accuracy"].Count());
        Assert.DoesNotContain("validation/loss", metrics.Select(metric => metric.Key));
        Assert.All(batches, batch => Assert.True(List(batch, "metrics").Count() <= 1000 && List(batch, "params").Count() <= 100));
        Assert.Equal("FINISHED", server.Of("runs/update").Single().GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_server_that_is_busy_is_asked_again_and_one_that_refuses_is_not()
    {
        using var run = new MadeRun("busy", 2, 200);
        static HttpStatusCode? Busy(string call, int times) =>
            call is "runs/log-batch" or "experiments/get-by-name" && times <= 2 ? HttpStatusCode.ServiceUnavailable : null;
        await using (var busy = await TrackingServer.StartAsync(Busy))
        {
            var server = Server(busy, ("MLFLOW_TRACKING_USERNAME", "u"), ("MLFLOW_TRACKING_PASSWORD", "p"));
            await MlflowExport.WriteAsync(run.Entry, server, TimeSpan.Zero, Stop);
            Assert.Equal("Basic dTpw", busy.Calls.First().Authorization);
            Assert.Equal("FINISHED", busy.Of("runs/update").Single().GetProperty("status").GetString());
        }

        await using var full = await TrackingServer.StartAsync((call, _) => call == "runs/log-batch" ? HttpStatusCode.BadRequest : null);
        var refused = await Assert.ThrowsAnyAsync<IOException>(() => MlflowExport.WriteAsync(run.Entry, Server(full), TimeSpan.Zero, Stop));
        Assert.Contains("runs/log-batch: 400", refused.Message, StringComparison.Ordinal);
        Assert.Contains("as the test wants it", refused.Message, StringComparison.Ordinal);
        Assert.Single(full.Of("runs/log-batch"));

        // It must not look like a run that goes on.
        Assert.Equal("FAILED", full.Of("runs/update").Single().GetProperty("status").GetString());
    }

    [Theory]
    [InlineData(null, "no tracking server is named")]
    [InlineData("file:///mlruns", "no address of a tracking server")]
    [InlineData("http://user:password@host", "no address of a tracking server")]
    [InlineData("http://tracking.example:5000", "allowed: https")]
    public void An_address_that_is_none_or_that_would_betray_a_password_is_refused(string? address, string expected)
    {
        var refused = Assert.Throws<InvalidDataException>(() => MlflowServer.Read(address, name => name == "MLFLOW_TRACKING_TOKEN" ? "secret" : null));
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refused.Message, StringComparison.Ordinal);
    }

    private static MlflowServer Server(TrackingServer server, params (string Name, string Value)[] variables) =>
        MlflowServer.Read(server.Address, name => variables.FirstOrDefault(variable => variable.Name == name).Value);

    private static Dictionary<string, string?> Pairs(JsonElement body, string name) =>
        List(body, name).ToDictionary(one => one.GetProperty("key").GetString()!, one => one.GetProperty("value").GetString());

    private static IEnumerable<JsonElement> List(JsonElement body, string name) => body.TryGetProperty(name, out var list) ? list.EnumerateArray() : [];

    private sealed class TrackingServer : IAsyncDisposable
    {
        private const string Prefix = "/api/2.0/mlflow/";

        private readonly WebApplication application;
        private readonly Func<string, int, HttpStatusCode?> refuse;
        private bool hasExperiment;

        private TrackingServer(WebApplication application, Func<string, int, HttpStatusCode?> refuse) =>
            (this.application, this.refuse) = (application, refuse);

        public ConcurrentQueue<(string Call, string Authorization, JsonElement Body)> Calls { get; } = [];

        public string Address { get; private set; } = "";

        public static async Task<TrackingServer> StartAsync(Func<string, int, HttpStatusCode?>? refuse = null)
        {
            var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
            builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
            var server = new TrackingServer(builder.Build(), refuse ?? ((_, _) => null));
            server.application.Run(server.AnswerAsync);
            await server.application.StartAsync();
            server.Address = server.application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
            return server;
        }

        /// <summary>What came with the calls of a path.</summary>
        public IEnumerable<JsonElement> Of(string call) => Calls.Where(one => one.Call == call).Select(one => one.Body);

        public ValueTask DisposeAsync() => application.DisposeAsync();

        private async Task AnswerAsync(HttpContext context)
        {
            var call = context.Request.Path.Value![Prefix.Length..];
            var body = HttpMethods.IsPost(context.Request.Method) ? await JsonSerializer.DeserializeAsync<JsonElement>(context.Request.Body) : default;
            Calls.Enqueue((call, context.Request.Headers.Authorization.ToString(), body));
            var (status, answer) = refuse(call, Calls.Count(one => one.Call == call)) is { } refused
                ? (refused, """{"error_code":"INVALID_PARAMETER_VALUE","message":"as the test wants it"}""")
                : call switch
                {
                    "experiments/get-by-name" when !hasExperiment => (HttpStatusCode.NotFound, """{"error_code":"RESOURCE_DOES_NOT_EXIST","message":"none"}"""),
                    "experiments/get-by-name" => (HttpStatusCode.OK, """{"experiment":{"experiment_id":"7"}}"""),
                    "experiments/create" => (HttpStatusCode.OK, """{"experiment_id":"7"}"""),
                    "runs/create" => (HttpStatusCode.OK, """{"run":{"info":{"run_id":"run-1"}}}"""),
                    _ => (HttpStatusCode.OK, "{}"),
                };
            hasExperiment |= call == "experiments/create";
            context.Response.StatusCode = (int)status;
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(answer);
        }
    }
}
