using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

// What telemetry costs a run: LeNet5, batches of 32, two workers on two cores, against a receiver
// that discards. Runs take turns, so that a busy machine is busy for all; each round compares its
// own runs.
var rounds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 11;
var updates = args.Length > 1 ? args[1] : "8000";
var folder = Directory.CreateTempSubdirectory("orchestrator-bench-").FullName;
var pipeline = Path.Combine(folder, "bench.json");
File.WriteAllText(pipeline, """
    {
      "dataset": { "type": "glyphs", "train": 4000, "test": 200 },
      "model": "lenet5",
      "optimizer": { "type": "sgd", "learningRate": 0.01, "momentum": 0.9 },
      "workers": { "count": 2, "batchSize": 32, "compute": { "type": "gamma", "meanMs": 10, "coefficientOfVariation": 0.1 } },
      "stop": { "updates": 1 },
      "evaluation": { "atStart": false, "everyUpdates": 1000000 }
    }
    """);
await using var receiver = await DiscardAsync();
var address = receiver.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
var export = new Dictionary<string, string> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = address, ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf" };
(string Name, Dictionary<string, string> Variables, string[] Arguments)[] kinds =
[
    ("off", [], []),
    ("off again", [], []),
    ("default", export, []),
    ("every push traced", new(export) { ["OTEL_TRACES_SAMPLER"] = "always_on" }, []),
    ("metrics port", [], ["--metrics-port", "0"]),
];
var seconds = kinds.ToDictionary(kind => kind.Name, _ => new List<double>());
var startUps = kinds.ToDictionary(kind => kind.Name, _ => new List<double>());
var digests = new HashSet<string>();
for (var round = -1; round < rounds; round++)
{
    for (var i = 0; i < kinds.Length; i++)
    {
        var kind = kinds[(i + round + kinds.Length) % kinds.Length];
        var (took, startUp, digest) = Run(kind.Variables, kind.Arguments);
        digests.Add(digest);
        if (round >= 0)
        {
            seconds[kind.Name].Add(took);
            startUps[kind.Name].Add(startUp);
        }
    }
}

Console.WriteLine($"{Environment.ProcessorCount} cores, .NET {Environment.Version}, {updates} updates, {rounds} rounds; digests: {digests.Count}");
// Beside the mean of the round's two runs without telemetry, whose own ratio says what chance
// makes.
var plain = seconds["off"].Zip(seconds["off again"], (one, other) => (one + other) / 2).ToList();
foreach (var (name, times) in seconds)
{
    var ratios = times.Zip(name.StartsWith("off", StringComparison.Ordinal) ? seconds["off"] : plain, (mine, off) => mine / off).ToList();
    Console.WriteLine(FormattableString.Invariant($"{name,-20} {Median(times),7:F2} s   median ratio to off {Median(ratios):F3}   quartiles {Quantile(ratios, 0.25):F3} .. {Quantile(ratios, 0.75):F3}   first push after {Median(startUps[name]) / 1000:F2} s"));
}

Directory.Delete(folder, recursive: true);
return digests.Count == 1 ? 0 : 1;

static double Median(IEnumerable<double> values) => Quantile(values, 0.5);

static double Quantile(IEnumerable<double> values, double share)
{
    var sorted = values.Order().ToList();
    var at = share * (sorted.Count - 1);
    return sorted[(int)at] + ((at - (int)at) * (sorted[(int)Math.Ceiling(at)] - sorted[(int)at]));
}

(double Seconds, double StartUp, string Digest) Run(Dictionary<string, string> variables, string[] more)
{
    var host = Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "HostFolder").Value!;
    var start = new ProcessStartInfo(Path.Combine(host, "orchestrator"),
        ["run", pipeline, "--json", "--quiet", "--threads", "2", "--set", $"stop.updates={updates}", "--output", Path.Combine(folder, "runs"), .. more])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    };
    foreach (var (name, value) in variables)
    {
        start.Environment[name] = value;
    }

    using var process = Process.Start(start)!;
    var said = process.StandardError.ReadToEndAsync();
    var summary = JsonDocument.Parse(process.StandardOutput.ReadToEnd()).RootElement;
    process.WaitForExit();
    return process.ExitCode == 0
        ? (summary.GetProperty("wallSeconds").GetDouble(), summary.GetProperty("startUp").GetProperty("total").GetDouble(), summary.GetProperty("digest").GetString()!)
        : throw new InvalidOperationException(said.Result);
}

static async Task<WebApplication> DiscardAsync()
{
    var builder = WebApplication.CreateSlimBuilder();
    builder.Logging.ClearProviders();
    builder.WebHost.UseUrls("http://127.0.0.1:0");
    var server = builder.Build();
    server.Run(context => context.Request.Body.CopyToAsync(Stream.Null));
    await server.StartAsync();
    return server;
}
