using System.CommandLine;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Hosting;
using Orchestrator.Abstractions;
using Orchestrator.Live;
using Orchestrator.Reports;
using Orchestrator.Runs;
using Orchestrator.Sweeps;

namespace Orchestrator.Host;

/// <summary><c>serve [RUNS]</c>.</summary>
internal sealed class ServeVerb(Terminal terminal, PluginFolders folders, ProgramSettings settings, IHostApplicationLifetime lifetime) : IVerb
{
    public const string Name = "serve";

    /// <summary>
    /// Not for people: ends when standard input does, with the last that there is, and not by
    /// Ctrl-C, which whoever started it gets too.
    /// </summary>
    public const string UntilInputEndsName = "--until-input-ends";

    /// <summary>What the end takes at most where somebody watches.</summary>
    public static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(60);

    // Whoever watches has the last state within a moment; who does not read is not waited for.
    private static readonly TimeSpan LongestRead = TimeSpan.FromSeconds(5);

    public Command Build()
    {
        var runs = new Argument<string?>("runs")
        {
            Description = "The folder of runs; when not given, that of --output of the settings.",
            Arity = ArgumentArity.ZeroOrOne,
            HelpName = "runs",
        }.ThatNames(NameRules.Folder);
        var address = new Option<string>("--address")
        {
            Description = "A name or an address of this machine. Elsewhere than on this machine (127.0.0.1, ::1, localhost) the pages are served under TLS, and only to who has the token.",
            HelpName = "address",
            DefaultValueFactory = _ => "127.0.0.1",
        }.ThatNames("address");
        var port = new Option<int>("--port", "-p") { Description = "The port; 0 takes a free one.", HelpName = "port", DefaultValueFactory = _ => 0 }.Within("a port", 0, ushort.MaxValue);
        var tokenFile = new Option<string?>("--token-file")
        {
            Description = "Where the token is written that browsers need; by default a place of this user's, which is named. On this machine alone only this option or --certificate asks for TLS and a token.",
            HelpName = "file",
        }.ThatNames("file");
        var certificate = new Option<string?>("--certificate") { Description = "A PEM file with certificate and key to use instead of a new one.", HelpName = "file" }.ThatNames("file");
        var untilInputEnds = new Option<bool>(UntilInputEndsName) { Hidden = true };
        var (sweeps, json) = (new SweepOperand(terminal, folders), CommonOptions.Json());
        var command = new Command(Name, "Serves pages of all runs and sweeps of a folder, live: each is its report while it goes on, and a page above them lists them. Only reads the folder, so that runs\n"
            + "neither know nor wait; ends with Ctrl-C. Opens no browser.\n\n"
            + "Examples:\n"
            + "  orchestrator serve\n"
            + "  orchestrator serve paper/runs --port 8080\n"
            + "  orchestrator serve --address 192.168.1.5 --port 8080 --token-file watch.token\n\n"
            + "Exit codes: 0 it was ended; 1 the address cannot be had; 64 an argument is wrong.")
        {
            runs, address, port, tokenFile, certificate, untilInputEnds,
        };
        sweeps.AddTo(command, hasOutput: false);
        command.Add(json);
        command.SetAction(parsed =>
        {
            var output = parsed.GetValue(runs) ?? settings.Output;
            if (parsed.GetValue(runs) is { } named && !Directory.Exists(named))
            {
                throw new UserException($"{named}: there is no such folder; allowed: a folder of runs, as 'run --output' makes it.");
            }

            var served = new LiveSettings(
                output, parsed.GetValue(address)!, parsed.GetValue(port), parsed.GetValue(tokenFile), parsed.GetValue(certificate), sweep => OpenSweep(sweeps, parsed, sweep));
            Serve(served, parsed.GetValue(untilInputEnds), parsed.GetValue(json)).GetAwaiter().GetResult();
            return ExitCodes.Ok;
        });
        return command;
    }

    private async Task Serve(LiveSettings served, bool untilInputEnds, bool isJson)
    {
        try
        {
            await using var server = await LiveServer.StartAsync(served, TimeProvider.System);
            Tell(server, served, isJson);
            if (!untilInputEnds)
            {
                await Task.Delay(Timeout.Infinite, lifetime.ApplicationStopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return;
            }

            await Console.In.ReadToEndAsync();
            await server.DrainAsync(LongestEnd, LongestRead);
        }
        catch (TransportException failure)
        {
            throw new UserException(failure.Message, ExitCodes.Failed);
        }
    }

    private void Tell(LiveServer server, LiveSettings served, bool isJson)
    {
        if (isJson)
        {
            Terminal.Line(new JsonObject { ["address"] = server.Address.AbsoluteUri, ["runs"] = Path.GetFullPath(served.Output), ["tokenFile"] = server.TokenFile }.ToJsonString());
            Terminal.Document.Flush();
            return;
        }

        Facts.Fact(terminal.Out, "address", server.Address.AbsoluteUri);
        Facts.Fact(terminal.Out, "runs", Path.GetFullPath(served.Output));
        if (server.TokenFile is { } file)
        {
            Facts.Fact(terminal.Out, "token", $"{file}; open {server.Address.AbsoluteUri}?token=SECRET once");
        }
    }

    private OpenedPage OpenSweep(SweepOperand sweeps, ParseResult parsed, SweepFolder folder)
    {
        try
        {
            var sweep = sweeps.Find(parsed, folder.FullPath);
            return new(new LiveSweep(sweep.Plan, folder, sweep.Results));
        }
        catch (RunRefusedException refused)
        {
            terminal.Warn(refused.Message);
            return new(null, "This sweep cannot be shown, for it cannot be planned:\n\n" + refused.Message);
        }
    }
}
