using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orchestrator.Host;
using Orchestrator.Runs;

// Composition only: settings, services, one class per command, and the exit code. The command runs
// inside the host's lifetime, which Signals ends.
var startUp = new StartUp(() => (DateTime.Now - Process.GetCurrentProcess().StartTime).TotalMilliseconds);
var terminal = new Terminal();
ILogger? logger = null;
LastResort.Guard();
try
{
    var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = "orchestrator" });
    SettingsFile.AddTo(builder.Configuration);
    var settings = ProgramSettings.Read(builder.Configuration);
    builder.Logging.AddProvider(new TerminalLogging(terminal));
    if (builder.Configuration.GetSection(ProgramSettings.Logging) is { } levels && levels.Exists())
    {
        builder.Logging.AddConfiguration(levels);
    }

    builder.Services
        .AddSingleton(startUp)
        .AddSingleton(terminal)
        .AddSingleton(settings)
        .AddSingleton<PluginFolders>()
        .AddSingleton<CheckpointRequests>()
        .AddSingleton<IHostLifetime, Signals>()
        .AddSingleton<Suggestions>()
        .AddTransient<RecordedRunOptions>()
        .AddSingleton<ReportsAtEnd>()
        .AddSingleton<IVerb, RunVerb>()
        .AddSingleton<IVerb, VerifyVerb>()
        .AddSingleton<IVerb, ReplayVerb>()
        .AddSingleton<IVerb, WorkerVerb>()
        .AddSingleton<IVerb, ValidateVerb>()
        .AddSingleton<IVerb, RunsVerb>()
        .AddSingleton<IVerb, ReportVerb>()
        .AddSingleton<IVerb, ServeVerb>()
        .AddSingleton<IVerb, LandscapeVerb>()
        .AddSingleton<IVerb, ExportVerb>()
        .AddSingleton<IVerb, CompareVerb>()
        .AddSingleton<IVerb, AnatomyVerb>()
        .AddSingleton<IVerb, SweepVerb>()
        .AddSingleton<IVerb, AtlasVerb>()
        .AddSingleton<IVerb, VectorsVerb>()
        .AddSingleton<IVerb, AnalyzeVerb>()
        .AddSingleton<IVerb, LaunchVerb>()
        .AddSingleton<IVerb, ClaimantVerb>()
        .AddSingleton<IVerb, SweepTaskVerb>()
        .AddSingleton<IVerb, RunTaskVerb>()
        .AddSingleton<IVerb, PluginsVerb>()
        .AddSingleton<IVerb, SchemaVerb>()
        .AddSingleton<IVerb, DataVerb>()
        .AddSingleton<IVerb, CompletionVerb>();
    using var host = builder.Build();
    logger = host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Orchestrator");
    host.Start();
    using var output = terminal.OwnOutput();
    return CommandLine.Run(host.Services.GetServices<IVerb>(), settings, host.Services.GetRequiredService<Suggestions>(), terminal, args);
}
catch (UserException mistake)
{
    terminal.Fail(mistake.Message);
    return mistake.ExitCode;
}
catch (OutputException failure)
{
    terminal.Fail(failure.Message);
    return ExitCodes.Failed;
}
catch (Exception failure)
{
    return LastResort.Tell(failure, terminal, logger);
}
