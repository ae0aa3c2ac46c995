using System.Text.Json;
using Microsoft.AspNetCore.Http;
using static Orchestrator.Telemetry.Tests.OtlpTests;

namespace Orchestrator.Telemetry.Tests;

/// <summary>Runs whose receiver is not there, or does not take what it is sent.</summary>
[Collection("receiver")]
public sealed class OtlpLossTests
{
    [Fact]
    public async Task WhatIsLost_IsToldInTheDocuments()
    {
        using var program = new ObservedProgram();
        var run = await RunAsync(
            program, new() { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:9", ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf" }, "--json");
        using var summary = JsonDocument.Parse(run.Output);
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(summary.RootElement.GetProperty("folder").GetString()!, "run.json")));

        var notes = summary.RootElement.GetProperty("notes").EnumerateArray().Select(note => note.GetString()).ToList();
        Assert.Equal(
            ["spans", "metrics", "logs"],
            new[] { "spans", "metrics", "logs" }.Where(noun => notes.Exists(note => note!.Contains($"{noun} did not reach the receiver"))));
        Assert.Equal(notes, document.RootElement.GetProperty("summary").GetProperty("notes").EnumerateArray().Select(note => note.GetString()));
    }

    [Theory]
    [InlineData("dead", false)]
    [InlineData("silent", false)]
    [InlineData("lying", false)]
    [InlineData("refusing", false)]
    [InlineData("refusing", true)]
    public async Task ABadReceiver_CostsNothingButItsRecords(string kind, bool grpc)
    {
        await using var receiver = await OtlpReceiver.StartAsync(grpc);
        using var program = new ObservedProgram();
        var plain = await RunAsync(program, []);
        receiver.Instead = kind switch
        {
            "silent" => context => Task.Delay(Timeout.Infinite, context.RequestAborted),
            "lying" => context => context.Response.WriteAsync(new string('x', 100_000)),
            _ => context => RefuseAsync(context, grpc),
        };
        var variables = Variables(receiver, grpc, ("OTEL_TRACES_SAMPLER", "always_on"));
        if (kind == "dead")
        {
            variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:9";
        }

        var started = System.Diagnostics.Stopwatch.StartNew();
        var run = await RunAsync(program, variables);

        Assert.Equal(plain.Line("digest"), run.Line("digest"));
        Assert.True(started.Elapsed < TimeSpan.FromSeconds(60), "the receiver held the run back");
        if (kind != "lying")
        {
            Assert.Contains("of 2001 spans did not reach the receiver", run.Output);
            Assert.Contains(" logs did not reach the receiver", run.Output);
        }
    }

    // By gRPC as what has no such service does: a success of HTTP.
    private static Task RefuseAsync(HttpContext context, bool grpc)
    {
        (context.Response.StatusCode, context.Response.ContentType) = grpc ? (StatusCodes.Status200OK, "application/grpc") : (StatusCodes.Status503ServiceUnavailable, null);
        if (grpc)
        {
            context.Response.Headers["grpc-status"] = "12";
        }

        return Task.CompletedTask;
    }
}
