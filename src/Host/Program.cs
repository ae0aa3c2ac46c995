using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orchestrator.Host;
using Orchestrator.Runs;

// Composition only: services, one class per command, and the exit code.
var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = "orchestrator" });
builder.Services
    .AddSingleton(new StartUp((DateTime.Now - Process.GetCurrentProcess().StartTime).TotalMilliseconds))
    .AddSingleton<Terminal>()
    .AddSingleton<Signals>()
    .AddSingleton<IVerb, RunVerb>()
    .AddSingleton<IVerb, VerifyVerb>()
    .AddSingleton<IVerb, ReplayVerb>()
    .AddSingleton<IVerb, WorkerVerb>()
    .AddSingleton<IVerb, ValidateVerb>()
    .AddSingleton<IVerb, RunsVerb>()
    .AddSingleton<IVerb, CompareVerb>()
    .AddSingleton<IVerb, AnatomyVerb>()
    .AddSingleton<IVerb, ClaimantVerb>()
    .AddSingleton<IVerb, PluginsVerb>()
    .AddSingleton<IVerb, SchemaVerb>()
    .AddSingleton<IVerb, DataVerb>()
    .AddSingleton<IVerb, CompletionVerb>();
using var host = builder.Build();

var terminal = host.Services.GetRequiredService<Terminal>();
using var output = terminal.OwnOutput();
return CommandLine.Run(host.Services.GetServices<IVerb>(), terminal, args);
